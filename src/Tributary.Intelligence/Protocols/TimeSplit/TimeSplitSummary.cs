using System.Collections.Immutable;
using System.Globalization;
using Tributary.Intelligence.Reports;

namespace Tributary.Intelligence.Protocols.TimeSplit;

/// <summary>Turns a split by time into the report that people and programs read.</summary>
public static class TimeSplitSummary
{
    /// <summary>The report of a run.</summary>
    /// <param name="protocol">The protocol's name.</param>
    /// <param name="run">The run.</param>
    /// <param name="options">What it was run with.</param>
    /// <param name="data">The file.</param>
    /// <param name="facts">When and where.</param>
    public static EvaluationReport Of(string protocol, TimeSplitRun run, TimeSplitOptions options, DataFacts data, RunFacts facts) => new()
    {
        Protocol = protocol,
        Data = data,
        Split =
        [
            $"Tested are the last {options.TestShare.ToString("0.## %", CultureInfo.InvariantCulture)} of the payments by time, from {run.TestStart:yyyy-MM-dd HH:mm:ss} UTC on.",
            $"Trained on are all payments up to {options.GapDays} days before that; the last one is of {run.TrainEnd:yyyy-MM-dd HH:mm:ss} UTC.",
            $"Features see all earlier payments of the file, outcomes only {options.Features.LabelDelay.TotalDays:0.##} days after the payment.",
        ],
        Seed = options.Seed,
        Replicates = options.Replicates,
        Model = FraudTraining.Describe(run.Model),
        Features = [.. options.Features.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)],
        Folds =
        [
            new FoldFacts(
                $"{run.TestStart:yyyy-MM-dd}",
                run.TrainRows,
                run.TrainFrauds,
                run.Payments.Labels.Length,
                run.Payments.Labels.Count(static label => label == 1),
                0,
                run.Metrics.ToImmutableSortedDictionary(static pair => pair.Key, static pair => pair.Value.Estimate, StringComparer.Ordinal)),
        ],
        Metrics = run.Metrics,
        Policies = PolicyTable.Measure(run.Payments, options.Economics),
        Economics = PolicyTable.Describe(options.Economics),
        Run = facts,
    };
}

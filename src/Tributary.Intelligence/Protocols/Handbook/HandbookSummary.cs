using System.Collections.Immutable;
using Tributary.Intelligence.Decisions.Backtesting;
using Tributary.Intelligence.Evaluation;
using Tributary.Intelligence.Reports;

namespace Tributary.Intelligence.Protocols.Handbook;

/// <summary>Turns a run of the protocol into the report that people and programs read.</summary>
public static class HandbookSummary
{
    /// <summary>The report of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="data">The file.</param>
    /// <param name="economics">What decisions cost and save.</param>
    /// <param name="facts">When and where.</param>
    public static EvaluationReport Of(HandbookRun run, DataFacts data, BacktestEconomics economics, RunFacts facts) => new()
    {
        Protocol = "handbook",
        Data = data,
        Split =
        [
            $"Each fold tests seven days from its date and trains on the {run.Report.TrainDays} days that end seven days before it (the label delay).",
            "Left out of a test day are customers with a fraud in the week that ends seven days before the date, or since then up to eight days before the test day.",
            "Features see all earlier payments of the file, outcomes only seven days after the payment; the training days limit the rows trained on.",
            $"Card precision looks at {run.Report.TopCards} cards a day and leaves out cards found on an earlier day.",
        ],
        Seed = run.Report.Seed,
        Replicates = run.Report.Replicates,
        Model = run.Report.Model,
        Features = [.. run.Report.Features.Split('\n', StringSplitOptions.RemoveEmptyEntries)],
        Folds = [.. run.Report.Folds.Select(Fold)],
        Metrics = Metrics(run.Report),
        Oracle = ImmutableSortedDictionary<string, double>.Empty.Add(MetricNames.CardPrecision, run.Report.OracleCardPrecision),
        Policies = PolicyTable.Measure(Pool(run), economics),
        Economics = PolicyTable.Describe(economics),
        Run = facts,
    };

    /// <summary>The payments of all folds together.</summary>
    public static ScoredPayments Pool(HandbookRun run) => new(
        [.. run.Folds.SelectMany(static fold => fold.Scores)],
        [.. run.Folds.SelectMany(static fold => fold.Labels)],
        [.. run.Folds.SelectMany(fold => fold.Rows.Select(run.Payments.AmountMinor))]);

    /// <summary>The means over the folds with their intervals.</summary>
    public static ImmutableSortedDictionary<string, ConfidenceInterval> Metrics(HandbookReport report) =>
        ImmutableSortedDictionary.CreateRange(
            StringComparer.Ordinal,
            [
                KeyValuePair.Create(MetricNames.RocAuc, report.RocAuc),
                KeyValuePair.Create(MetricNames.AveragePrecision, report.AveragePrecision),
                KeyValuePair.Create(MetricNames.CardPrecision, report.CardPrecision),
            ]);

    private static FoldFacts Fold(HandbookFoldResult fold) => new(
        $"{fold.Date:yyyy-MM-dd}",
        fold.TrainRows,
        fold.TrainFrauds,
        fold.TestRows,
        fold.TestFrauds,
        fold.RemovedCards,
        ImmutableSortedDictionary.CreateRange(
            StringComparer.Ordinal,
            [
                KeyValuePair.Create(MetricNames.RocAuc, fold.RocAuc),
                KeyValuePair.Create(MetricNames.AveragePrecision, fold.AveragePrecision),
                KeyValuePair.Create(MetricNames.CardPrecision, fold.CardPrecision),
                KeyValuePair.Create("oracle_card_precision", fold.OracleCardPrecision),
            ]));
}

using System.CommandLine;
using Tributary.Cli.Reporting;
using Tributary.Intelligence.Decisions.Backtesting;
using Tributary.Intelligence.Policy;
using Tributary.Intelligence.Policy.Evaluation;
using Tributary.Intelligence.Protocols;
using Tributary.Intelligence.Protocols.Fraud;
using Tributary.Primitives.Results;

namespace Tributary.Cli.Models;

/// <summary><c>tributary model backtest</c>: what a policy would have done to the payments of a file, before it goes live.</summary>
internal static class BacktestCommand
{
    private const long MostPolicyBytes = 1 << 20;

    internal static Command Create(TimeProvider clock)
    {
        var model = ModelOptions.Model();
        var data = ModelOptions.Data();
        var policy = new Option<FileInfo>("--policy") { Description = $"The policy (docs/intelligence/policy.md); it can ask for the score, the model's features and :{HistoryJournal.AmountFact}:.", Required = true };
        var unit = new Option<string>("--currency") { Description = "The currency of the amounts.", DefaultValueFactory = static _ => "EUR" };
        var defaults = new BacktestEconomics();
        var margin = new Option<int>("--margin-bp") { Description = "What a good payment earns, in basis points of its amount.", DefaultValueFactory = _ => defaults.MarginBasisPoints };
        var review = new Option<long>("--review-cost") { Description = "What a review costs, in minor units.", DefaultValueFactory = _ => defaults.ReviewCost };
        var from = new Option<DateOnly?>("--from") { Description = "Run over payments from this day on: those that the model was not trained on." };
        var command = new Command("backtest", "Run a policy over the payments of a file: what it stops, what it costs, which rule did what.")
        {
            model, data, policy, unit, margin, review, from,
        };
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                var writer = ReportWriter.For(parsed);
                var file = parsed.GetRequiredValue(policy);
                if (!file.Exists)
                    return writer.Fail("--policy", $"{file.FullName} does not exist");
                if (file.Length > MostPolicyBytes)
                    return writer.Fail("--policy", $"{file.FullName} is longer than {MostPolicyBytes} bytes");
                if (parsed.GetValue(margin) is < 0 or > 10_000)
                    return writer.Fail("--margin-bp", "is a number from 0 to 10000");
                if (parsed.GetValue(review) is < 0)
                    return writer.Fail("--review-cost", "is not negative");
                var text = File.ReadAllText(file.FullName);
                var economics = defaults with { MarginBasisPoints = parsed.GetValue(margin), ReviewCost = parsed.GetValue(review) };
                var report = ProgressDisplay.Run(writer, progress => HistoryFile.Score(parsed.GetRequiredValue(model), parsed.GetRequiredValue(data), clock, progress, cancellationToken)
                    .Then(read => Run(read.Model, read.Scored, text, parsed.GetValue(unit)!, parsed.GetValue(from), economics, progress, cancellationToken)));
                return report.TryGet(out var backtest, out var refusal)
                    ? writer.Report(backtest, ModelsJson.Default.BacktestReport, static (terminal, found) => terminal.Profile.Out.Writer.Write(found.ToText()))
                    : writer.Fail(refusal);
            },
            cancellationToken));
        return command;
    }

    private static Result<BacktestReport, Refusal> Run(
        FraudModel model, ScoredHistory scored, string text, string unit, DateOnly? from, BacktestEconomics economics, IProgress<ProtocolProgress>? progress, CancellationToken cancellationToken)
    {
        if (!HistoryJournal.Create(model, scored, unit).TryGet(out var journal, out var refusal))
            return refusal;
        if (!PolicyCompiler.Compile(text, journal.Schema).TryGet(out var policy, out var errors))
            return new Refusal("--policy", errors.ToString());
        var options = new BacktestOptions
        {
            AsOf = journal.AllKnownAt,
            From = from is { } day ? new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : null,
            Lists = PolicyLists.Empty(journal.Schema),
            LabelDelay = model.Features.LabelDelay,
            AmountFact = HistoryJournal.AmountFact,
            Economics = economics,
        };
        return PolicyBacktest.Run(policy, journal.Items, options, new Counter(scored.History.Count, progress), cancellationToken);
    }

    private sealed class Counter(int payments, IProgress<ProtocolProgress>? progress) : IProgress<long>
    {
        public void Report(long value) => progress?.Report(new ProtocolProgress("back-testing", value / (double)payments, null));
    }
}

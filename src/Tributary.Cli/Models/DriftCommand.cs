using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Tributary.Cli.Reporting;
using Tributary.Intelligence.Drift;
using Tributary.Intelligence.Protocols.Fraud;
using Tributary.Primitives.Results;

namespace Tributary.Cli.Models;

/// <summary><c>tributary model drift</c>: how far payments, scores and outcomes have moved from what a model was trained on.</summary>
internal static class DriftCommand
{
    internal static Command Create(TimeProvider clock)
    {
        var model = ModelOptions.Model();
        var data = ModelOptions.Data();
        var from = new Option<DateOnly?>("--from") { Description = "Count payments from this day on; earlier ones only make the history of the features." };
        var until = new Option<DateOnly?>("--until") { Description = "Count payments before this day." };
        var command = new Command("drift", "Compare payments with those that a model was trained on (population stability index).") { model, data, from, until };
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                var writer = ReportWriter.For(parsed);
                var report = ProgressDisplay.Run(writer, progress => HistoryFile.Score(parsed.GetRequiredValue(model), parsed.GetRequiredValue(data), clock, progress, cancellationToken)
                    .Then(read => Compare(read.Model, read.Scored, parsed.GetValue(from), parsed.GetValue(until))));
                return report.TryGet(out var drift, out var refusal) ? writer.Report(drift, ModelsJson.Default.DriftReport, Show) : writer.Fail(refusal);
            },
            cancellationToken));
        return command;
    }

    private static Result<DriftReport, Refusal> Compare(FraudModel model, ScoredHistory scored, DateOnly? from, DateOnly? until)
    {
        if (model.File.Reference is not { } reference)
            return new Refusal("--model", "keeps no reference of what its training data looked like");
        var monitor = new DriftMonitor(reference);
        var row = new float[model.Features.Schema.Count];
        var counted = 0;
        for (var i = 0; i < scored.History.Count; i++)
        {
            var day = DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(scored.History.Payment(i).TimeMs).UtcDateTime);
            if (day < from || day >= until)
                continue;
            scored.Features.CopyRow(i, row);
            monitor.Observe(row, scored.Scores[i]);
            monitor.ObserveLabel(scored.History.IsFraud(i));
            counted++;
        }

        return counted == 0 ? new Refusal("--from", "leaves no payment between it and --until") : monitor.Report();
    }

    private static void Show(IAnsiConsole terminal, DriftReport report)
    {
        terminal.WriteLine($"Worst: {report.Worst.ToString().ToLowerInvariant()} ({report.Scores.Rows.ToString("N0", CultureInfo.InvariantCulture)} payments). Below 0.1 is stable, from 0.25 a major shift.");
        foreach (var finding in report.Features.Prepend(report.Labels).Prepend(report.Scores))
            terminal.WriteLine($"  {finding.Index.ToString("0.0000", CultureInfo.InvariantCulture)}  {finding.Level.ToString().ToLowerInvariant(),-8}  {finding.Name}");
    }
}

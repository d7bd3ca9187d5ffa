using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Tributary.Cli.Reporting;
using Tributary.Intelligence.Reports;

namespace Tributary.Cli.Models;

/// <summary>
/// <c>tributary model evaluate</c>: reads a file of payments, computes features, trains and tests by a published protocol. What it prints is all
/// that is needed to run it again.
/// </summary>
internal static class EvaluateCommand
{
    internal static Command Create(TimeProvider clock)
    {
        var options = new EvaluateOptions();
        var command = new Command("evaluate", "Measure a fraud model by a published protocol: features, training and test from one file.");
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                var writer = ReportWriter.For(parsed);
                if (!options.Read(parsed).TryGet(out var request, out var refusal))
                    return writer.Fail(refusal);
                var run = ProgressDisplay.Run(writer, progress => new Evaluation(request, clock, progress, cancellationToken).Run());
                if (!run.TryGet(out var outcome, out refusal))
                    return writer.Fail(refusal);
                if (request.Html is { } html)
                    File.WriteAllText(html.FullName, outcome.Page());
                return writer.Report(outcome.Report, ModelsJson.Default.EvaluationReport, Show);
            },
            cancellationToken));
        return command;
    }

    private static void Show(IAnsiConsole terminal, EvaluationReport report)
    {
        terminal.WriteLine($"{report.Protocol} on {report.Data.File}: {N(report.Data.Payments)} payments, {N(report.Data.Frauds)} frauds, {report.Data.From:yyyy-MM-dd} to {report.Data.To:yyyy-MM-dd}");
        terminal.WriteLine($"  SHA-256 {report.Data.Sha256}");
        foreach (var sentence in report.Split)
            terminal.WriteLine($"  {sentence}");
        terminal.WriteLine($"  Model: {report.Model}; seed {report.Seed}.");
        foreach (var fold in report.Folds)
        {
            terminal.WriteLine(
                $"{fold.Name}: trained on {N(fold.TrainRows)} ({N(fold.TrainFrauds)} frauds), tested on {N(fold.TestRows)} ({N(fold.TestFrauds)}), "
                + string.Join(", ", fold.Metrics.Select(static metric => $"{metric.Key} {F(metric.Value)}")));
        }

        foreach (var (name, interval) in report.Metrics)
        {
            var reference = report.Reference is { } other && other.TryGetValue(name, out var value) ? $"   reference {F(value.Estimate)}" : "";
            var oracle = report.Oracle.TryGetValue(name, out var best) ? $"   true labels {F(best)}" : "";
            terminal.WriteLine($"{MetricNames.InWords(name),-32} {F(interval.Estimate)}  [{F(interval.Low)}, {F(interval.High)}]{reference}{oracle}");
        }

        foreach (var policy in report.Policies)
        {
            terminal.WriteLine(
                $"{policy.Name}: net value {(policy.NetValueMinor / 100m).ToString("N2", CultureInfo.InvariantCulture)}, fraud stopped {policy.FraudStoppedShare:P1}, {F(policy.FalseBlocksPerThousand)} false blocks per 1,000 good payments, {N(policy.Reviewed)} reviews");
        }

        terminal.WriteLine($"{report.Run.ElapsedSeconds:0.0} s on {report.Run.Machine}");
    }

    private static string F(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string N(decimal value) => value.ToString("N0", CultureInfo.InvariantCulture);
}

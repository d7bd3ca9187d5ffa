using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Tributary.Cli.Reporting;
using Tributary.Intelligence.Models.Files;
using Tributary.Intelligence.Protocols;
using Tributary.Intelligence.Protocols.Fraud;
using Tributary.Intelligence.Reports;

namespace Tributary.Cli.Models;

/// <summary><c>tributary model train</c>: a model file from a file of payments.</summary>
internal static class TrainCommand
{
    internal static Command Create(TimeProvider clock)
    {
        var protocol = ModelOptions.Protocol();
        var data = ModelOptions.Data();
        var output = new Option<FileInfo>("--out") { Description = "The model file to write.", Required = true };
        var features = ModelOptions.Features();
        var name = new Option<string>("--name") { Description = "The model's name, for its card.", DefaultValueFactory = static _ => "Fraud model" };
        var contact = new Option<string>("--contact") { Description = "Who answers for it, for its card.", DefaultValueFactory = static _ => "not stated" };
        var seed = ModelOptions.Seed();
        var command = new Command("train", "Train a fraud model: measured on the last payments first, then trained on all.")
        {
            protocol, data, output, features, name, contact, seed,
        };
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                var writer = ReportWriter.For(parsed);
                var from = clock.GetTimestamp();
                var format = PaymentFormat.Find(parsed.GetRequiredValue(protocol))!;
                var file = parsed.GetRequiredValue(output);
                if (file.Directory is { Exists: false })
                    return writer.Fail("--out", $"the folder {file.DirectoryName} does not exist");
                if (!ModelOptions.ReadFeatures(parsed.GetValue(features)!, format).TryGet(out var set, out var refusal))
                    return writer.Fail(refusal);
                var source = parsed.GetRequiredValue(data);
                var options = new FraudModelOptions
                {
                    Format = format,
                    Features = set,
                    DataName = source.Name,
                    Card = Card(parsed.GetValue(name)!, parsed.GetValue(contact)!),
                    Seed = parsed.GetValue(seed),
                };
                var trained = ProgressDisplay.Run(writer, progress => HistoryFile.Read(source, format, progress, cancellationToken)
                    .Then<(ModelFile Model, IPaymentHistory History)>(history => FraudModelTrainer.Train(history, options, clock, progress, cancellationToken)
                        .Then<(ModelFile, IPaymentHistory)>(model => (model, history))));
                if (!trained.TryGet(out var result, out refusal))
                    return writer.Fail(refusal);
                var bytes = result.Model.ToBytes();
                File.WriteAllBytes(file.FullName, bytes);
                var lineage = result.Model.Lineage;
                return writer.Report(
                    new TrainReport(
                        file.FullName,
                        Convert.ToHexStringLower(ModelFile.IdentityOf(bytes).Span),
                        bytes.LongLength,
                        source.Name,
                        FileFacts.Of(source, result.History).Sha256,
                        lineage.Rows,
                        lineage.Positives,
                        set.Schema.Count,
                        lineage.Metrics,
                        options.Seed,
                        clock.GetElapsedTime(from).TotalSeconds,
                        Machine.Describe()),
                    ModelsJson.Default.TrainReport,
                    Show);
            },
            cancellationToken));
        return command;
    }

    private static ModelCard Card(string name, string contact) => new(
        name,
        "Scores payments for fraud before they are accepted, for a policy that allows, asks for more proof, reviews or blocks.",
        "Deciding on a person's credit, employment or access to a service; deciding alone about a payment without a way to contest it with a person.",
        [
            "Labels are reported outcomes: fraud that nobody reported counts as good.",
            "It knows what its training data held; watch drift, and train again when it moves.",
            "Until 200 bad outcomes of a merchant's own are confirmed it may only inform or send to review.",
        ],
        contact);

    private static void Show(IAnsiConsole terminal, TrainReport report)
    {
        terminal.WriteLine($"{report.Model}: {N(report.Bytes)} bytes, identity {report.Identity}");
        terminal.WriteLine($"  trained on {N(report.Payments)} payments of {report.Data}, {N(report.Frauds)} of them fraud, {report.Features} features, seed {report.Seed}");
        terminal.WriteLine("  a model trained on the earlier payments showed on the last 30 %:");
        foreach (var (metric, value) in report.Metrics)
            terminal.WriteLine($"    {MetricNames.InWords(metric),-32} {value.ToString("0.0000", CultureInfo.InvariantCulture)}");
        terminal.WriteLine($"{report.ElapsedSeconds:0.0} s on {report.Machine}");
    }

    private static string N(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}

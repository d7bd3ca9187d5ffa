using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Spectre.Console;
using Tributary.Cli.Reporting;
using Tributary.Intelligence.Generation;

namespace Tributary.Cli.Models;

/// <summary><c>tributary model generate</c>: synthetic commerce, so that everything can be tried without data.</summary>
internal static class GenerateCommand
{
    internal static Command Create()
    {
        var defaults = new CommerceOptions();
        var output = new Option<FileInfo>("--out") { Description = "The file to write; compressed when its name ends with .gz.", Required = true };
        var customers = new Option<int>("--customers") { Description = "Customers.", DefaultValueFactory = _ => defaults.Customers };
        var days = new Option<int>("--days") { Description = "Days.", DefaultValueFactory = _ => defaults.Days };
        var firstDay = new Option<DateOnly>("--first-day") { Description = "The first day.", DefaultValueFactory = _ => defaults.FirstDay };
        var fraudScale = new Option<double>("--fraud-scale") { Description = "Fraud relative to the usual; 0 for none.", DefaultValueFactory = static _ => 1 };
        var seed = ModelOptions.Seed();
        var command = new Command("generate", "Make up payments of a shop, with card testing, account takeover, refund abuse and friendly fraud among them.")
        {
            output, customers, days, firstDay, fraudScale, seed,
        };
        command.SetAction(parsed =>
        {
            var writer = ReportWriter.For(parsed);
            var options = new CommerceOptions
            {
                Seed = parsed.GetValue(seed),
                Customers = parsed.GetValue(customers),
                Days = parsed.GetValue(days),
                FirstDay = parsed.GetValue(firstDay),
                FraudScale = parsed.GetValue(fraudScale),
            };
            if (options.Fault() is { } fault)
                return writer.Fail($"--{fault.Name}", fault.Reason);
            var file = parsed.GetRequiredValue(output);
            return file.Directory is { Exists: false }
                ? writer.Fail("--out", $"the folder {file.DirectoryName} does not exist")
                : writer.Report(Generate(options, file), ModelsJson.Default.GenerateReport, Show);
        });
        return command;
    }

    private static GenerateReport Generate(CommerceOptions options, FileInfo file)
    {
        var payments = CommerceGenerator.Generate(options);
        using (var stream = file.Create())
            CommerceFile.Write(stream, payments, file.Name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase));
        using var written = file.OpenRead();
        var frauds = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var kind in Enum.GetValues<FraudKind>().Where(static kind => kind != FraudKind.None))
            frauds.Add(CommerceFile.NameOf(kind), payments.Count(payment => payment.Fraud == kind));
        return new GenerateReport(
            file.FullName, Convert.ToHexStringLower(SHA256.HashData(written)), options.Seed, options.Customers, options.Days, payments.Count, frauds);
    }

    private static void Show(IAnsiConsole terminal, GenerateReport report)
    {
        terminal.WriteLine($"{report.File}: {N(report.Payments)} payments of {N(report.Customers)} customers on {report.Days} days, seed {report.Seed}");
        foreach (var (kind, count) in report.Frauds)
            terminal.WriteLine($"  {kind.Replace('_', ' '),-16} {N(count)}");
        terminal.WriteLine($"  SHA-256 {report.Sha256}");
    }

    private static string N(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}

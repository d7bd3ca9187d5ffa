using System.CommandLine;
using Spectre.Console;
using Tributary.Bitcoin.Vectors;
using Tributary.Cli.Reporting;

namespace Tributary.Cli.Bitcoin;

/// <summary>
/// <c>tributary bitcoin vectors FILE…</c>: runs files in the formats of Bitcoin Core's <c>script_tests</c>, <c>tx_valid</c>,
/// <c>tx_invalid</c> and <c>sighash</c> test data.
/// </summary>
internal static class VectorsCommand
{
    private static readonly Dictionary<string, VectorFormat> s_formats = new(StringComparer.Ordinal)
    {
        ["script_tests"] = VectorFormat.ScriptTests,
        ["tx_valid"] = VectorFormat.ValidTransactions,
        ["tx_invalid"] = VectorFormat.InvalidTransactions,
        ["sighash"] = VectorFormat.SignatureHashes,
    };

    internal static Command Create()
    {
        var files = new Argument<FileInfo[]>("FILE")
        {
            Description = "JSON files in a format of Bitcoin Core's src/test/data.",
            Arity = ArgumentArity.OneOrMore,
        };
        var format = new Option<string?>("--format")
        {
            Description = "What the files are: script_tests, tx_valid, tx_invalid or sighash. Found by their content otherwise.",
        };
        format.AcceptOnlyFromAmong([.. s_formats.Keys]);
        var command = new Command("vectors", "Run test vectors in the formats of Bitcoin Core; exit code 1 when a row fails.") { files, format };
        command.SetAction(parsed => Run(
            ReportWriter.For(parsed), parsed.GetRequiredValue(files), parsed.GetValue(format) is { } name ? s_formats[name] : null));
        return command;
    }

    private static int Run(ReportWriter writer, FileInfo[] files, VectorFormat? format)
    {
        var reports = new List<VectorFileReport>();
        foreach (var file in files)
        {
            if (!file.Exists)
                return writer.Fail("file", $"{file.FullName} does not exist");
            if (!VectorRunner.Run(File.ReadAllBytes(file.FullName), file.Name, format).TryGet(out var report, out var refusal))
                return writer.Fail(refusal.Field, $"{file.Name} {refusal.Reason}");
            reports.Add(VectorFileReport.Of(file.Name, s_formats.Single(pair => pair.Value == report.Format).Key, report));
        }

        var whole = new VectorsReport(reports.Sum(static file => file.Passed), reports.Sum(static file => file.Failed), reports.Sum(static file => file.Skipped), reports);
        return writer.Report(whole, VectorsJson.Default.VectorsReport, Show, whole.Failed == 0 ? 0 : 1);
    }

    private static void Show(IAnsiConsole terminal, VectorsReport report)
    {
        foreach (var file in report.Files)
        {
            foreach (var failure in file.Failures)
                terminal.WriteLine($"{file.File} row {failure.Row}: {failure.Reason}\n  {failure.Text}");
            foreach (var group in file.Skips.GroupBy(static skip => skip.Reason, StringComparer.Ordinal))
                terminal.WriteLine($"{file.File}: {group.Count()} skipped, {group.Key}");
            terminal.WriteLine($"{file.File} ({file.Format}): {file.Passed} passed, {file.Failed} failed, {file.Skipped} skipped");
        }

        if (report.Files.Count > 1)
            terminal.WriteLine($"{report.Passed} passed, {report.Failed} failed, {report.Skipped} skipped");
    }
}

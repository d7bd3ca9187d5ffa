using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Tributary.Bitcoin.Networks;
using Tributary.Cli.Reporting;
using Tributary.Server;

namespace Tributary.Cli.Demo;

/// <summary><c>tributary demo</c>: one payment from the shop's request to the reconciled books, on a fresh folder, with each step's time.</summary>
internal static class DemoCommand
{
    internal static Command Create(TimeProvider clock)
    {
        var data = new Option<string?>("--data") { Description = "Keep the demo's folder here; it must be empty or missing. Without it a temporary one is used and deleted." };
        var bitcoind = new Option<string?>("--bitcoind")
        {
            Description = "RPC address of a bitcoind on regtest (http://127.0.0.1:18443/), which is asked for blocks; without it the embedded chain serves. Credentials: --bitcoind-cookie, or TRIBUTARY_BITCOIND_USER and TRIBUTARY_BITCOIND_PASSWORD in the environment.",
        };
        var cookie = new Option<string?>("--bitcoind-cookie") { Description = "bitcoind's cookie file (.cookie in the data directory of its network)." };
        var command = new Command("demo", "Take, settle and refund one payment with two nodes of its own, and check the books.") { data, bitcoind, cookie };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var writer = ReportWriter.For(parsed);
            Uri? address = null;
            if (parsed.GetValue(bitcoind) is { } text && !Uri.TryCreate(text, UriKind.Absolute, out address))
                return writer.Fail("--bitcoind", $"'{text}' is no address; it is like http://127.0.0.1:18443/");
            if (parsed.GetValue(data) is { } kept && Directory.Exists(kept) && Directory.EnumerateFileSystemEntries(kept).Any())
                return writer.Fail("--data", $"{kept} is not empty: the demo begins on a fresh folder");

            var folder = parsed.GetValue(data) is { } chosen ? Path.GetFullPath(chosen) : Directory.CreateTempSubdirectory("tributary-demo-").FullName;
            try
            {
                var options = new ServerOptions(0, folder, BitcoinNetwork.Regtest) { BitcoindUrl = address, BitcoindCookieFile = parsed.GetValue(cookie) };
                return await RunAsync(new DemoRun(options, clock, step => Show(writer, step)), writer, cancellationToken);
            }
            finally
            {
                if (parsed.GetValue(data) is null)
                    Directory.Delete(folder, recursive: true);
            }
        });
        return command;
    }

    private static async Task<int> RunAsync(DemoRun run, ReportWriter writer, CancellationToken cancellationToken)
    {
        var report = await run.RunAsync(cancellationToken);
        return writer.Report(report, DemoJson.Default.DemoReport, ShowEnd, report.IsOk ? 0 : 1);
    }

    private static void Show(ReportWriter writer, DemoStep step)
    {
        if (!writer.IsJson)
            writer.Terminal.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{step.Milliseconds,10:0.0} ms  {step.Name}: {step.Detail}"));
    }

    private static void ShowEnd(IAnsiConsole terminal, DemoReport report)
    {
        foreach (var line in report.Reconciliation)
            terminal.WriteLine(string.Create(CultureInfo.InvariantCulture, $"               {line.Name,-16} ledger {line.LedgerMsat + line.UnderWayMsat,18:#,0} msat   actual {line.ActualMsat,18:#,0} msat"));
        terminal.WriteLine(report.Problem is null ? "The demo is done, and the books agree with the world." : $"The demo failed: {report.Problem}");
    }
}

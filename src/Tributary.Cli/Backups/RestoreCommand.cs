using System.CommandLine;
using Spectre.Console;
using Tributary.Cli.Reporting;
using Tributary.Server.Backups;

namespace Tributary.Cli.Backups;

/// <summary><c>tributary restore</c>: a folder of a backup, to be started with <c>up</c>.</summary>
internal static class RestoreCommand
{
    internal static Command Create(TimeProvider clock)
    {
        var from = new Option<string>("--from") { Description = "What 'tributary backup' wrote.", Required = true };
        var data = new Option<string>("--data") { Description = "The folder to make; it must not hold anything.", Required = true };
        var command = new Command("restore", $"Make a server's folder from a backup. The passphrase comes from {BackupPassphrase.Variable} in the environment or from standard input.") { from, data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var writer = ReportWriter.For(parsed);
            if (!(await BackupPassphrase.ReadAsync(isNew: false, cancellationToken)).TryGet(out var passphrase, out var refusal))
                return writer.Fail(refusal);
            var file = Path.GetFullPath(parsed.GetValue(from)!);
            var folder = Path.GetFullPath(parsed.GetValue(data)!);
            var restored = await ServerRestore.RestoreAsync(file, folder, passphrase, clock, cancellationToken);
            return restored.TryGet(out var manifest, out refusal)
                ? writer.Report(new BackupReport(folder, manifest.At, manifest.Database, new FileInfo(file).Length, manifest.Live?.Database), ReportJson.Default.BackupReport, Show)
                : writer.Fail(refusal);
        });
        return command;
    }

    private static void Show(IAnsiConsole terminal, BackupReport report)
    {
        terminal.WriteLine($"Restored as of {report.At:u} into {report.File}.");
        if (report.Missing is { } missing)
            terminal.WriteLine($"{missing} and are not in it: pg_restore the dump that belongs to it first, and name that database.");
        if (report.LiveDatabase is not null)
            terminal.WriteLine("It holds live money in its folder 'live': start it with the --bitcoind and --network that the old one had.");
        terminal.WriteLine("Make sure that the old server never starts again. Then start this one with 'tributary up --data': it asks the peers of its channels to close,");
        terminal.WriteLine("publishes none of its own commitments, takes what the peers pay out, and keeps refunds and payouts stopped until you have looked.");
    }
}

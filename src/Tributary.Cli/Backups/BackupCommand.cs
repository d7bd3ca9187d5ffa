using System.CommandLine;
using Spectre.Console;
using Tributary.Cli.Reporting;
using Tributary.Cli.Up;
using Tributary.Server.Backups;

namespace Tributary.Cli.Backups;

/// <summary><c>tributary backup</c>: one sealed file of a server's folder, beside the server that runs on it.</summary>
internal static class BackupCommand
{
    internal static Command Create(TimeProvider clock)
    {
        var data = new Option<string>("--data") { Description = "The server's data folder.", DefaultValueFactory = static _ => UpCommand.DefaultDataFolder() };
        var to = new Option<string>("--to") { Description = "The file to write; an older one is replaced when the new one is whole.", Required = true };
        var command = new Command(
            "backup",
            $"Write a sealed copy of a server's folder that is safe to restore; the server may run meanwhile. The passphrase comes from {BackupPassphrase.Variable} in the environment or from standard input.") { data, to };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var writer = ReportWriter.For(parsed);
            if (!(await BackupPassphrase.ReadAsync(isNew: true, cancellationToken)).TryGet(out var passphrase, out var refusal))
                return writer.Fail(refusal);
            var file = Path.GetFullPath(parsed.GetValue(to)!);
            var made = await ServerBackup.CreateAsync(Path.GetFullPath(parsed.GetValue(data)!), file, passphrase, clock, cancellationToken);
            return made.TryGet(out var manifest, out refusal)
                ? writer.Report(new BackupReport(file, manifest.At, manifest.Database, new FileInfo(file).Length, manifest.Live?.Database), ReportJson.Default.BackupReport, Show)
                : writer.Fail(refusal);
        });
        return command;
    }

    private static void Show(IAnsiConsole terminal, BackupReport report)
    {
        terminal.WriteLine($"Written: {report.File} ({report.Bytes} bytes), as of {report.At:u}{(report.LiveDatabase is null ? "" : ", with test and live money")}.");
        if (report.Missing is { } missing)
            terminal.WriteLine($"{missing} and are NOT in the file: run pg_dump --format=custom before each 'tributary backup', and keep the two together.");
        terminal.WriteLine("Keep the passphrase elsewhere: without it the file is of no use, and with it whoever has both has the money.");
    }
}

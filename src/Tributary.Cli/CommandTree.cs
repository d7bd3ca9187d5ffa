using System.CommandLine;
using Tributary.Cli.Backups;
using Tributary.Cli.Bitcoin;
using Tributary.Cli.Demo;
using Tributary.Cli.Doctor;
using Tributary.Cli.Models;
using Tributary.Cli.Node;
using Tributary.Cli.Reporting;
using Tributary.Cli.Rollup;
using Tributary.Cli.Up;

namespace Tributary.Cli;

/// <summary>
/// The whole command line. An area adds its command here and owns a folder; what a command does lives in the project of the area.
/// Exit codes: 0 done, 1 refused or failed (the reason is printed), 2 the words were not understood, 130 interrupted.
/// </summary>
internal static class CommandTree
{
    private const int NotUnderstood = 2;
    private const int Interrupted = 130;

    /// <summary>All commands.</summary>
    /// <param name="clock">The clock of commands that need one.</param>
    internal static RootCommand Create(TimeProvider clock)
    {
        var root = new RootCommand("Tributary: a self-hosted payment server that settles on Bitcoin Layer 2.")
        {
            UpCommand.Create(clock),
            DemoCommand.Create(clock),
            NodeCommand.Create(clock),
            BitcoinCommand.Create(),
            ModelCommand.Create(clock),
            BackupCommand.Create(clock),
            RestoreCommand.Create(clock),
            RollupCommand.Create(clock),
            DoctorCommand.Create(),
        };
        root.Add(ReportWriter.JsonOption);
        return root;
    }

    /// <summary>Parses and runs one command line.</summary>
    internal static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, TimeProvider clock)
    {
        var parsed = Create(clock).Parse(args);
        var configuration = new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false };
        try
        {
            var code = await parsed.InvokeAsync(configuration);
            return parsed.Errors.Count > 0 ? NotUnderstood : code;
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ReportWriter.For(parsed).Fail("io", exception.Message);
        }
    }
}

using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Spectre.Console;
using Tributary.Cli.Reporting;
using Tributary.Cli.Up;
using Tributary.Crypto;
using Tributary.Server.Data;

namespace Tributary.Cli.Doctor;

/// <summary><c>tributary doctor</c>: says whether this machine has what Tributary needs, and what to do where it has not.</summary>
internal static class DoctorCommand
{
    internal static Command Create()
    {
        var data = new Option<string>("--data") { Description = "The server's data folder.", DefaultValueFactory = static _ => UpCommand.DefaultDataFolder() };
        var database = new Option<string?>("--database") { Description = "A PostgreSQL, as for 'up'; without it the SQLite in the data folder." };
        var command = new Command("doctor", "Check that this machine has what Tributary needs.") { data, database };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var found = await DatabaseProbe.LookAsync(Path.GetFullPath(parsed.GetValue(data)!), parsed.GetValue(database), cancellationToken);
            var report = Examine(new DoctorCheck("database", found.IsOk, IsRequired: true, found.IsOk ? found.Value : found.Error.Reason));
            return ReportWriter.For(parsed).Report(report, ReportJson.Default.DoctorReport, Show, report.IsReady ? 0 : 1);
        });
        return command;
    }

    private static DoctorReport Examine(DoctorCheck database)
    {
        DoctorCheck[] checks = [Curve(), database, Bitcoind(), VectorInstructions()];
        var version = typeof(DoctorCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        var machine = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} processors";
        return new DoctorReport(version, RuntimeInformation.FrameworkDescription, machine, checks.All(static check => check.IsFound || !check.IsRequired), checks);
    }

    private static DoctorCheck Curve() => SecpLibrary.Probe().TryGet(out var name, out var refusal)
        ? new DoctorCheck("libsecp256k1", IsFound: true, IsRequired: true, name)
        : new DoctorCheck("libsecp256k1", IsFound: false, IsRequired: true, refusal.Reason);

    private static DoctorCheck Bitcoind()
    {
        var named = Environment.GetEnvironmentVariable("TRIBUTARY_BITCOIND");
        string[] candidates = named is { Length: > 0 }
            ? [named]
            : [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(static folder => folder.Length > 0).Select(static folder => Path.Combine(folder, "bitcoind"))];
        var found = candidates.FirstOrDefault(File.Exists);
        return new DoctorCheck("bitcoind", found is not null, IsRequired: false, found ?? "not found; the embedded regtest chain needs none, any other network does");
    }

    private static DoctorCheck VectorInstructions() =>
        new("vector instructions", Vector256.IsHardwareAccelerated, IsRequired: false, Vector512.IsHardwareAccelerated ? "512 bits" : Vector256.IsHardwareAccelerated ? "256 bits" : "none: proofs and models run slower");

    private static void Show(IAnsiConsole terminal, DoctorReport report)
    {
        terminal.WriteLine($"Tributary {report.Version} on {report.Runtime}");
        terminal.WriteLine(report.Machine);
        foreach (var check in report.Checks)
            terminal.WriteLine($"  {(check.IsFound ? "found  " : check.IsRequired ? "MISSING" : "absent ")}  {check.Name}: {check.Detail}");
        terminal.WriteLine(report.IsReady ? "Ready." : "Not ready: install what is missing and run this again.");
    }
}

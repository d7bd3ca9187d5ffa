using System.Diagnostics;

namespace Tributary.Testing.Bitcoind;

/// <summary>Finds the bitcoind to test against, and fetches it by the project's script where it is absent.</summary>
internal static class BitcoindProgram
{
    private static readonly TimeSpan s_fetchTimeout = TimeSpan.FromMinutes(5);
    private static readonly Lazy<Task<Found>> s_found = new(FindAsync);

    /// <summary>The program's path, or null and the reason why there is none. Looked for once per process.</summary>
    internal static Task<Found> GetAsync() => s_found.Value;

    private static async Task<Found> FindAsync()
    {
        if (Environment.GetEnvironmentVariable("TRIBUTARY_BITCOIND") is { Length: > 0 } set)
            return File.Exists(set) ? new Found(set, "") : new Found(null, $"TRIBUTARY_BITCOIND names {set}, which does not exist.");
        if (Repository() is not { } root)
            return new Found(null, "Set TRIBUTARY_BITCOIND to a bitcoind: the test runs outside of the repository.");

        var tools = Environment.GetEnvironmentVariable("TRIBUTARY_TOOLS") is { Length: > 0 } folder ? folder : Path.Combine(root, ".tools");
        var home = Path.Combine(tools, "bitcoind");
        var script = Path.Combine(root, "tests", "interop", "get-bitcoind.sh");
        if (!File.Exists(script))
            return new Found(null, $"Set TRIBUTARY_BITCOIND to a bitcoind: {script} is missing.");

        var problem = await FetchAsync(script, home);
        var program = Path.Combine(home, "bin", "bitcoind");
        return problem is null && File.Exists(program) ? new Found(program, "") : new Found(null, problem ?? $"{script} made no {program}.");
    }

    /// <summary>Runs the script, which is quick where the program is there already; null, or what went wrong.</summary>
    private static async Task<string?> FetchAsync(string script, string home)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("/bin/sh", [script, home]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            using var timeout = new CancellationTokenSource(s_fetchTimeout);
            try
            {
                await process.WaitForExitAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                return $"{Path.GetFileName(script)} did not end within {s_fetchTimeout.TotalMinutes} minutes.";
            }

            await output;
            return process.ExitCode == 0 ? null : $"There is no bitcoind to test against: {(await errors).Trim()}";
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            return $"{Path.GetFileName(script)} can't run: {exception.Message}";
        }
    }

    private static string? Repository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Tributary.slnx")))
                return folder.FullName;
        }

        return null;
    }

    internal sealed record Found(string? Path, string Reason);
}

using System.Diagnostics;

namespace Tributary.Testing;

/// <summary>Programs that tests run against, fetched by the project's scripts on demand.</summary>
internal static class Tooling
{
    private static readonly TimeSpan s_fetchTimeout = TimeSpan.FromMinutes(5);

    /// <summary>The root of the repository that the test was built in, or null outside of one.</summary>
    internal static string? Repository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Tributary.slnx")))
                return folder.FullName;
        }

        return null;
    }

    /// <summary>Where a tool is put: <c>TRIBUTARY_TOOLS</c>, or <c>.tools</c> at the root.</summary>
    internal static string Home(string root, string name) =>
        Path.Combine(Environment.GetEnvironmentVariable("TRIBUTARY_TOOLS") is { Length: > 0 } folder ? folder : Path.Combine(root, ".tools"), name);

    /// <summary>Runs a script, which is quick where the tool is there already; null, or what went wrong.</summary>
    internal static async Task<string?> FetchAsync(string script, string home)
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
            return process.ExitCode == 0 ? null : (await errors).Trim();
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            return $"{Path.GetFileName(script)} can't run: {exception.Message}";
        }
    }
}

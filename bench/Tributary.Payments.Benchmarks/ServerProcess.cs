using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Tributary.Payments.Benchmarks;

/// <summary><c>tributary up</c> as its own process, as a merchant runs it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, Uri url, string secretKey, TimeSpan startTime)
    {
        _process = process;
        Url = url;
        SecretKey = secretKey;
        StartTime = startTime;
    }

    internal Uri Url { get; }

    internal string SecretKey { get; }

    /// <summary>From the program's start to its first answer over HTTP that reads the database.</summary>
    internal TimeSpan StartTime { get; }

    // What ./tributary up runs; without it, the build beside this one.
    private static string Program => Environment.GetEnvironmentVariable("TRIBUTARY_PROGRAM") ?? Path.Combine(AppContext.BaseDirectory, "..", "..", "Tributary.Cli", new DirectoryInfo(AppContext.BaseDirectory).Name, "tributary.dll");

    internal static async Task<ServerProcess> StartAsync(string folder)
    {
        var began = Stopwatch.GetTimestamp();
        var process = Process.Start(new ProcessStartInfo("dotnet", [Program, "up", "--port", "0", "--data", folder, "--json"]) { RedirectStandardOutput = true, UseShellExecute = false })
            ?? throw new InvalidOperationException("The server does not start.");
        try
        {
            var line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The server ended before it was up; what it says stands above.");
            using var ready = JsonDocument.Parse(line);
            var url = new Uri(ready.RootElement.GetProperty("url").GetString()!);
            var key = ready.RootElement.GetProperty("test_secret_key").GetString()!;
            using var client = new ApiClient(url, key);
            using var first = await client.GetAsync("/v1/payment_intents?limit=1");
            return new ServerProcess(process, url, key, Stopwatch.GetElapsedTime(began));
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    /// <summary>The process's resident memory as the kernel counts it (VmRSS), in bytes, and how much of it is its own and no file's (RssAnon).</summary>
    internal (long All, long Anonymous) ReadMemory()
    {
        var lines = File.ReadAllLines($"/proc/{_process.Id.ToString(CultureInfo.InvariantCulture)}/status");
        return (Read("VmRSS:"), Read("RssAnon:"));

        long Read(string name) =>
            long.Parse(lines.First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>Processor time that the server has used.</summary>
    internal TimeSpan ReadProcessorTime()
    {
        _process.Refresh();
        return _process.TotalProcessorTime;
    }

    public async ValueTask DisposeAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Tributary.Testing.Network;

namespace Tributary.Faults.Tests;

/// <summary>The whole server as its operator starts it, <c>tributary up</c>, on one folder and port for all its lives.</summary>
internal sealed class ServerProcess(string folder, string? database) : IAsyncDisposable
{
    // Ends with the test process, however that ends; the first line is the server's process id.
    private const string Guard = """
        exec 3<&0
        "$@" </dev/null 3<&- &
        server=$!
        echo $server >&2
        ( while read -r line <&3; do :; done; kill -9 $server 2>/dev/null ) >/dev/null 2>&1 &
        watcher=$!
        wait $server
        status=$?
        kill $watcher 2>/dev/null
        exit $status
        """;

    private readonly int _port = FreePort.Next();
    private readonly StringBuilder _errors = new();
    private Process? _shell;
    private int _processId;

    public Uri Address => new($"http://127.0.0.1:{_port.ToString(CultureInfo.InvariantCulture)}");

    public string Folder => folder;

    public string? Database => database;

    /// <summary>The test secret key, once it has started.</summary>
    public string Key { get; private set; } = "";

    /// <summary>The live secret key, which is told by the first start alone; null for a server that has none.</summary>
    public string? LiveKey { get; set; }

    /// <summary>Of the environment of the process, besides the test's own.</summary>
    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    /// <summary>Further words of the command.</summary>
    public List<string> Arguments { get; } = [];

    /// <summary>What it wrote to standard error.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
                return _errors.ToString();
        }
    }

    public static string Program => Path.Combine(AppContext.BaseDirectory, "..", "..", "Tributary.Cli", new DirectoryInfo(AppContext.BaseDirectory).Name, "tributary.dll");

    /// <summary>Starts it and waits until it says that it is up.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var said = await TryStartAsync(cancellationToken);
        if (said.TryGetProperty("error", out var error))
            throw new InvalidOperationException($"The server does not start: {error.GetRawText()}\n{Errors}");
        Key = said.GetProperty("test_secret_key").GetString()!;
        if (said.GetProperty("live") is { ValueKind: JsonValueKind.Object } live)
            LiveKey = live.GetProperty("secret_key").GetString() ?? LiveKey;
    }

    /// <summary>Starts it; gives what it says first.</summary>
    public async Task<JsonElement> TryStartAsync(CancellationToken cancellationToken)
    {
        string[] place = database is null ? [] : ["--database", database];
        var start = new ProcessStartInfo("/bin/sh", [
            "-c", Guard, "guard", "dotnet", Program, "up", "--port", _port.ToString(CultureInfo.InvariantCulture), "--data", folder, "--json", .. place, .. Arguments,
        ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        _shell?.Dispose();
        _shell = Process.Start(start)!;
        _processId = int.Parse((await _shell.StandardError.ReadLineAsync(cancellationToken))!, CultureInfo.InvariantCulture);
        _ = DrainAsync(_shell.StandardError);
        var line = await _shell.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException($"The server says nothing: {Errors}");
        _ = DrainAsync(_shell.StandardOutput);
        using var document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    }

    /// <summary>Ends it as a crash does.</summary>
    public Task KillAsync(CancellationToken cancellationToken) => EndAsync("-KILL", cancellationToken);

    /// <summary>Ends it as a supervisor does.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => EndAsync("-TERM", cancellationToken);

    /// <summary>Sends a signal (<c>-STOP</c>, <c>-CONT</c>).</summary>
    public async Task SignalAsync(string signal, CancellationToken cancellationToken)
    {
        using var kill = Process.Start("/bin/kill", [signal, _processId.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Waits until it has ended by itself.</summary>
    public Task WaitForExitAsync(CancellationToken cancellationToken) => _shell!.WaitForExitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_shell is null)
            return;
        if (!_shell.HasExited)
            await KillAsync(CancellationToken.None);
        _shell.Dispose();
    }

    private async Task EndAsync(string signal, CancellationToken cancellationToken)
    {
        if (_shell is null || _shell.HasExited)
            return;
        await SignalAsync(signal, cancellationToken);
        await _shell.WaitForExitAsync(cancellationToken);
    }

    private async Task DrainAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_errors)
                _errors.AppendLine(line);
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tributary.Testing.Bitcoind;

namespace Tributary.Testing.Ldk;

/// <summary>One LDK node as a process of its own, driven by commands. It ends with the test process, however that ends.</summary>
public sealed class LdkPeer : IAsyncDisposable
{
    /// <summary>The wallet of bitcoind that it takes its coins from.</summary>
    public const string WalletName = "ldk";

    private readonly Process _process;
    // node.js closes a connection that was idle for some seconds, and a command that is on its way then is lost: each takes its own.
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(5), DefaultRequestHeaders = { ConnectionClose = true } };
    private readonly StringBuilder _errors;
    private int _disposed;

    private LdkPeer(Process process, StringBuilder errors, string id, int port, int http)
    {
        _process = process;
        _errors = errors;
        Id = id;
        Port = port;
        _http.BaseAddress = new Uri($"http://127.0.0.1:{http.ToString(CultureInfo.InvariantCulture)}/");
    }

    /// <summary>Its node id in hex.</summary>
    public string Id { get; }

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary><c>ID@HOST:PORT</c>.</summary>
    public string Address => $"{Id}@127.0.0.1:{Port.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>What it wrote to standard error.</summary>
    public string Log
    {
        get
        {
            lock (_errors)
                return _errors.ToString();
        }
    }

    internal static async Task<LdkPeer> StartAsync(string program, BitcoindNode bitcoind, byte seed, JsonObject? settings, CancellationToken cancellationToken)
    {
        await PrepareWalletAsync(bitcoind, cancellationToken);
        var cookie = (await File.ReadAllTextAsync(bitcoind.CookiePath, cancellationToken)).Trim();
        var configuration = settings?.DeepClone().AsObject() ?? [];
        configuration["rpc"] = $"http://{cookie}@127.0.0.1:{bitcoind.RpcPort.ToString(CultureInfo.InvariantCulture)}/wallet/{WalletName}";
        configuration["seed"] = seed;

        var start = new ProcessStartInfo("node", [program])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetDirectoryName(program)!,
        };
        var process = Process.Start(start)!;
        var errors = new StringBuilder();
        process.ErrorDataReceived += (_, line) =>
        {
            lock (errors)
                errors.AppendLine(line.Data);
        };
        process.BeginErrorReadLine();
        await process.StandardInput.WriteLineAsync(configuration.ToJsonString());
        await process.StandardInput.FlushAsync(cancellationToken);
        string? ready;
        do
        {
            // The bindings print a line of their own.
            ready = await process.StandardOutput.ReadLineAsync(cancellationToken);
            if (ready is null)
            {
                await process.WaitForExitAsync(cancellationToken);
                throw new InvalidOperationException($"The LDK peer does not start: {errors}");
            }
        }
        while (!ready.StartsWith('{'));
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);

        using var document = JsonDocument.Parse(ready);
        var root = document.RootElement;
        return new LdkPeer(process, errors, root.GetProperty("id").GetString()!, root.GetProperty("port").GetInt32(), root.GetProperty("http").GetInt32());
    }

    /// <summary>Runs a command; what it can do stands in <c>tests/interop/ldk/commands.mjs</c>.</summary>
    public async Task<JsonElement> CommandAsync(string command, CancellationToken cancellationToken, params (string Name, JsonNode? Value)[] arguments)
    {
        var body = new JsonObject(arguments.Select(static pair => KeyValuePair.Create(pair.Name, pair.Value)));
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync(new Uri(command, UriKind.Relative), content, cancellationToken);
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
        return document.RootElement.TryGetProperty("error", out var error)
            ? throw new InvalidOperationException($"LDK's {command}: {error.GetString()}\n{Log}")
            : document.RootElement.GetProperty("result").Clone();
    }

    /// <summary>How many events there were so far: a place to wait from.</summary>
    public async Task<int> EventCountAsync(CancellationToken cancellationToken) => (await CommandAsync("events", cancellationToken)).GetArrayLength();

    /// <summary>Waits for an event of a type whose fields match, from a place on; fails after a while with the events that came.</summary>
    public Task<JsonElement> WaitAsync(string type, CancellationToken cancellationToken, int from = 0, params (string Name, JsonNode? Value)[] match) =>
        CommandAsync(
            "wait", cancellationToken, ("type", type), ("from", from),
            ("match", new JsonObject(match.Select(static pair => KeyValuePair.Create(pair.Name, pair.Value)))));

    /// <summary>Waits until it has seen the block at a height.</summary>
    public async Task WaitForHeightAsync(int height, CancellationToken cancellationToken)
    {
        while ((await CommandAsync("info", cancellationToken)).GetProperty("height").GetInt32() < height)
            await Task.Delay(20, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _http.Dispose();
        try
        {
            // It ends when its input does.
            _process.StandardInput.Close();
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    // Coins in many pieces, so that channels, bumps and other tests do not wait for each other's change.
    private static async Task PrepareWalletAsync(BitcoindNode bitcoind, CancellationToken cancellationToken)
    {
        var loaded = await bitcoind.RpcAsync("listwallets", cancellationToken);
        if (loaded.EnumerateArray().Any(static name => string.Equals(name.GetString(), WalletName, StringComparison.Ordinal)))
            return;
        await bitcoind.RpcAsync("createwallet", cancellationToken, WalletName);
        var address = (await bitcoind.WalletRpcAsync(WalletName, "getnewaddress", cancellationToken, "", "bech32")).GetString()!;
        await bitcoind.RpcAsync("generatetoaddress", cancellationToken, 120, address);
    }
}

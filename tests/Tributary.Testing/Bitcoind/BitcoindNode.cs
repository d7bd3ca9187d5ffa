using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tributary.Testing.Network;
using Tributary.Testing.Processes;

namespace Tributary.Testing.Bitcoind;

/// <summary>One bitcoind process on regtest, with RPC and ZMQ on free loopback ports and a data directory of its own.</summary>
public sealed class BitcoindNode : IAsyncDisposable
{
    private const int StartAttemptsMax = 5;
    private static readonly TimeSpan s_startTimeout = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan s_stopTimeout = TimeSpan.FromSeconds(20);

    private readonly string _program;
    private readonly IReadOnlyList<string> _arguments;
    // bitcoind ends a connection that was idle for 30 seconds, and a call that is on its way then is lost.
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5) }) { Timeout = TimeSpan.FromMinutes(5) };
    private GuardedProcess? _process;
    private int _disposed;

    private BitcoindNode(string program, IReadOnlyList<string> arguments)
    {
        _program = program;
        _arguments = arguments;
        DataDirectory = Directory.CreateTempSubdirectory("tributary-bitcoind-").FullName;
    }

    /// <summary>Where its RPC server listens.</summary>
    public Uri RpcAddress => new($"http://127.0.0.1:{RpcPort.ToString(CultureInfo.InvariantCulture)}/");

    public int RpcPort { get; private set; }

    /// <summary>Where it publishes <c>sequence</c>, <c>hashblock</c>, <c>rawblock</c> and <c>rawtx</c>.</summary>
    public int ZmqPort { get; private set; }

    public string DataDirectory { get; }

    /// <summary>The cookie of the running process.</summary>
    public string CookiePath => Path.Combine(DataDirectory, "regtest", ".cookie");

    /// <summary>True while the process runs.</summary>
    public bool IsRunning => _process is { IsRunning: true };

    internal static async Task<BitcoindNode> StartAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var node = new BitcoindNode(program, arguments);
        try
        {
            await node.StartAsync(cancellationToken);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the process again after <see cref="StopAsync"/> or <see cref="KillAsync"/>: same data, same ports.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var isFirst = RpcPort == 0;
        for (var attempt = 1; ; attempt++)
        {
            if (isFirst)
                (RpcPort, ZmqPort) = (FreePort.Next(), FreePort.Next());
            await LaunchAsync(cancellationToken);
            if (await WaitUntilReadyAsync(cancellationToken))
                return;
            // Somebody else may have taken a port between our look and its bind.
            if (attempt >= StartAttemptsMax)
                throw new InvalidOperationException($"bitcoind does not start; the end of its log:\n{LogTail()}");
        }
    }

    /// <summary>Calls a method; an error of bitcoind is a <see cref="BitcoindRpcException"/>.</summary>
    public async Task<JsonElement> RpcAsync(string method, CancellationToken cancellationToken, params JsonNode?[] parameters) =>
        await PostAsync("", method, parameters, cancellationToken);

    /// <summary>Calls a method of a loaded wallet.</summary>
    public async Task<JsonElement> WalletRpcAsync(string wallet, string method, CancellationToken cancellationToken, params JsonNode?[] parameters) =>
        await PostAsync($"wallet/{wallet}", method, parameters, cancellationToken);

    /// <summary>Ends the process the polite way: everything is on disk afterwards.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (!IsRunning)
            return;
        await RpcAsync("stop", cancellationToken);
        await _process!.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Ends the process as a power cut does: what it had not written is gone.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        if (_process is not null)
            await _process.KillAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        if (_process is not null)
        {
            try
            {
                using var timeout = new CancellationTokenSource(s_stopTimeout);
                await KillAsync(timeout.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ArgumentException or InvalidOperationException)
            {
                // It is ending by itself; closing the guard's input below makes sure.
            }

            _process.Dispose();
        }

        _http.Dispose();
        try
        {
            Directory.Delete(DataDirectory, recursive: true);
        }
        catch (IOException)
        {
            // A file in a temporary folder that is still open: not worth failing a test for.
        }
    }

    private async Task<JsonElement> PostAsync(string path, string method, JsonNode?[] parameters, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(RpcAddress, path));
        var cookie = await File.ReadAllBytesAsync(CookiePath, cancellationToken);
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(cookie));
        var body = new JsonObject { ["id"] = 1, ["method"] = method, ["params"] = new JsonArray([.. parameters.Select(static parameter => parameter?.DeepClone())]) };
        request.Content = JsonContent.Create(body);
        using var response = await _http.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (text.Length == 0)
            throw new HttpRequestException($"{method}: status {(int)response.StatusCode}", null, response.StatusCode);
        using var document = JsonDocument.Parse(text);
        var root = document.RootElement;
        if (root.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object)
            throw new BitcoindRpcException(method, error.GetProperty("code").GetInt32(), error.GetProperty("message").GetString()!);
        return root.GetProperty("result").Clone();
    }

    private async Task LaunchAsync(CancellationToken cancellationToken)
    {
        _process?.Dispose();
        if (File.Exists(CookiePath))
            File.Delete(CookiePath);
        _process = await GuardedProcess.StartAsync(_program, Flags(), cancellationToken);
    }

    private IEnumerable<string> Flags()
    {
        var zmq = $"tcp://127.0.0.1:{ZmqPort.ToString(CultureInfo.InvariantCulture)}";
        string[] usual =
        [
            "-regtest",
            $"-datadir={DataDirectory}",
            "-server",
            $"-rpcport={RpcPort.ToString(CultureInfo.InvariantCulture)}",
            "-rpcbind=127.0.0.1",
            "-rpcallowip=127.0.0.1",
            "-listen=0",
            "-dnsseed=0",
            "-printtoconsole=0",
            "-txindex",
            // Coins are few and processors too: nothing that grows with the machine.
            "-dbcache=16",
            "-maxsigcachesize=4",
            "-par=1",
            // Many programs of one test ask it at once, and the machine may be slow: nobody is turned away.
            "-rpcworkqueue=1000",
            "-keypool=5",
            "-fallbackfee=0.00001",
            "-addresstype=bech32",
            "-changetype=bech32",
            $"-zmqpubsequence={zmq}",
            $"-zmqpubhashblock={zmq}",
            $"-zmqpubrawblock={zmq}",
            $"-zmqpubrawtx={zmq}",
        ];
        var given = _arguments.Select(Name).ToHashSet(StringComparer.Ordinal);
        foreach (var flag in usual.Where(flag => !given.Contains(Name(flag))))
            yield return flag;
        // Bitcoin Knots relays by a policy of its own unless told to keep to Bitcoin Core's.
        if (IsKnots())
            yield return "-corepolicy";
        foreach (var argument in _arguments)
            yield return argument;
    }

    private static string Name(string flag) => flag.Split('=')[0];

    private bool IsKnots()
    {
        using var process = Process.Start(new ProcessStartInfo(_program, ["-version"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var line = process.StandardOutput.ReadLine() ?? "";
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return line.Contains("knots", StringComparison.OrdinalIgnoreCase);
    }

    private async Task<bool> WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (IsRunning && Stopwatch.GetElapsedTime(began) < s_startTimeout)
        {
            try
            {
                if (File.Exists(CookiePath))
                {
                    await RpcAsync("getblockcount", cancellationToken);
                    return true;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or BitcoindRpcException or IOException or SocketException)
            {
                // Not listening yet, or "loading block index".
            }

            await Task.Delay(20, cancellationToken);
        }

        return false;
    }

    private string LogTail()
    {
        var log = Path.Combine(DataDirectory, "regtest", "debug.log");
        return File.Exists(log) ? string.Join('\n', File.ReadLines(log, Encoding.UTF8).TakeLast(15)) : "(there is no log)";
    }
}

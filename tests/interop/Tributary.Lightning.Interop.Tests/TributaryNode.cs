using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tributary.Crypto;
using Tributary.Lightning.Keys;
using Tributary.Testing.Bitcoind;
using Tributary.Testing.Network;

namespace Tributary.Lightning.Interop.Tests;

/// <summary>Our node as a process, started by <c>tributary node start</c> and driven through the socket that the command line uses.</summary>
internal sealed class TributaryNode : IAsyncDisposable
{
    // Ends with the test process, however that ends; the first line is the node's process id.
    private const string Guard = """
        exec 3<&0
        "$@" </dev/null 3<&- &
        node=$!
        echo $node >&2
        ( while read -r line <&3; do :; done; kill -9 $node 2>/dev/null ) >/dev/null 2>&1 &
        watcher=$!
        wait $node
        kill $watcher 2>/dev/null
        """;

    private readonly BitcoindNode _bitcoind;
    private readonly string _home = Directory.CreateTempSubdirectory("tnode-").FullName;
    private readonly StringBuilder _errors = new();
    private Process? _process;
    private int _processId;
    private readonly int _port = FreePort.Next();

    private TributaryNode(BitcoindNode bitcoind)
    {
        _bitcoind = bitcoind;
        Folder = Path.Combine(_home, "data");
    }

    internal string Folder { get; private set; }

    /// <summary>What its start said of where its folder comes from.</summary>
    internal string? StartWarning { get; private set; }

    /// <summary>Where its replica is, when it writes one.</summary>
    internal string ReplicaFolder => Path.Combine(_home, "replica");

    private bool WritesReplica { get; init; }

    // Of "node start", besides those that every node has.
    private IReadOnlyList<string> Arguments { get; init; } = [];

    private static string Program => Path.Combine(AppContext.BaseDirectory, "..", "..", "Tributary.Cli", new DirectoryInfo(AppContext.BaseDirectory).Name, "tributary.dll");

    internal string Id { get; private set; } = "";

    internal int Port => _port;

    internal string Address => $"{Id}@127.0.0.1:{_port.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Starts a fresh node with confirmed coins.</summary>
    internal static async Task<TributaryNode> StartAsync(BitcoindNode bitcoind, CancellationToken cancellationToken, int coins = 2, bool writesReplica = false, IReadOnlyList<string>? arguments = null)
    {
        var node = new TributaryNode(bitcoind) { WritesReplica = writesReplica, Arguments = arguments ?? [] };
        await node.StartAsync(cancellationToken);
        if (coins > 0)
            await node.FundAsync(coins, cancellationToken);
        return node;
    }

    /// <summary>Starts the process: again after <see cref="KillAsync"/>, on the same folder and port.</summary>
    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("/bin/sh", [
            "-c", Guard, "guard", "dotnet", Program,
            "node", "start", "--network", "regtest", "--bitcoind", _bitcoind.RpcAddress.ToString(), "--bitcoind-cookie", _bitcoind.CookiePath,
            "--listen", $"127.0.0.1:{_port.ToString(CultureInfo.InvariantCulture)}", "--data", Folder, "--json",
            .. Arguments, .. WritesReplica ? ["--replica", ReplicaFolder] : Array.Empty<string>(),
        ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        _process = Process.Start(start)!;
        _processId = int.Parse((await _process.StandardError.ReadLineAsync(cancellationToken))!, CultureInfo.InvariantCulture);
        _ = DrainAsync(_process.StandardError);
        var line = await _process.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException($"The node does not start: {_errors}");
        using var document = JsonDocument.Parse(line);
        if (document.RootElement.TryGetProperty("error", out var error))
            throw new InvalidOperationException($"The node does not start: {error}");
        Id = document.RootElement.GetProperty("node_id").GetString()!;
        StartWarning = document.RootElement.GetProperty("warning").GetString();
        _ = DrainAsync(_process.StandardOutput);
        while (true)
        {
            var info = await CallAsync("info", cancellationToken);
            if (info.GetProperty("synced").GetBoolean() && info.GetProperty("addresses").GetArrayLength() > 0)
                return;

            await Task.Delay(50, cancellationToken);
        }
    }

    /// <summary>A node in a new folder, from words and a backup's file or a replica's folder; this one does not run any more.</summary>
    internal async Task<TributaryNode> RestoreAsync(string source, string words, CancellationToken cancellationToken)
    {
        var node = new TributaryNode(_bitcoind);
        string[] from = Directory.Exists(source) ? ["--replica", source] : [source];
        var start = new ProcessStartInfo("dotnet", [
            Program, "node", "restore", .. from, "--network", "regtest", "--bitcoind", _bitcoind.RpcAddress.ToString(), "--bitcoind-cookie", _bitcoind.CookiePath, "--data", node.Folder, "--json",
        ])
        { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["TRIBUTARY_WORDS"] = words;
        using var process = Process.Start(start)!;
        var report = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"restore: {report}");
        await node.StartAsync(cancellationToken);
        return node;
    }

    /// <summary>A node on a folder that somebody copied with the tools of the operating system.</summary>
    internal async Task<TributaryNode> StartFromAsync(string copy, CancellationToken cancellationToken, params string[] arguments)
    {
        var node = new TributaryNode(_bitcoind) { Arguments = arguments };
        CopyFolder(copy, node.Folder);
        await node.StartAsync(cancellationToken);
        return node;
    }

    /// <summary>Copies what is on disk now, as a careless operator does: the node's folder, or its replica.</summary>
    /// <returns>Where the copy is.</returns>
    internal string Copy(bool replica, string name)
    {
        var to = Path.Combine(_home, name);
        CopyFolder(replica ? ReplicaFolder : Folder, to);
        return to;
    }

    /// <summary>Gives the node's folder, which is not in use, another name in the same file system.</summary>
    internal void Rename(string name)
    {
        var to = Path.Combine(_home, name);
        Directory.Move(Folder, to);
        Folder = to;
    }

    /// <summary>Writes a copy over the files of the node's folder, which is not in use.</summary>
    internal void WriteOver(string copy)
    {
        using var process = Process.Start("cp", ["-r", $"{copy}/.", Folder]);
        process.WaitForExit();
    }

    /// <summary>Puts a copy in the place of the node's folder, which is not in use.</summary>
    internal void SetBack(string copy)
    {
        Directory.Delete(Folder, recursive: true);
        CopyFolder(copy, Folder);
    }

    /// <summary>The words of its seed.</summary>
    internal async Task<string> RevealWordsAsync(CancellationToken cancellationToken) =>
        (await CallAsync("backup", cancellationToken, ("file", "words.backup"), ("words", "true"))).GetProperty("words").GetString()!;

    /// <summary>The key of its id.</summary>
    internal async Task<SecretKey> RevealKeyAsync(CancellationToken cancellationToken)
    {
        using var words = Mnemonic.Parse(await RevealWordsAsync(cancellationToken)).Value;
        using var seed = words.DeriveSeed("");
        var bytes = new byte[Seed.LengthMax];
        var root = new byte[32];
        seed.WriteTo(bytes);
        Hkdf.Extract(bytes, "tributary/lightning/seed/1"u8, root);
        using var keys = NodeKeys.FromSeed(root);
        Span<byte> secret = stackalloc byte[32];
        keys.Identity.WriteTo(secret);
        return SecretKey.TryCreate(secret, out var key) && string.Equals(key.PublicKey.ToString(), Id, StringComparison.Ordinal) ? key : throw new InvalidOperationException("These words make another node.");
    }

    /// <summary>Ends the process as <c>kill -9</c> does.</summary>
    internal async Task KillAsync(CancellationToken cancellationToken)
    {
        using (var node = Process.GetProcessById(_processId))
            node.Kill();
        await _process!.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Ends the process as <c>tributary node stop</c> does.</summary>
    internal async Task StopAsync(CancellationToken cancellationToken)
    {
        await CallAsync("stop", cancellationToken);
        await _process!.WaitForExitAsync(cancellationToken);
    }

    /// <summary>A command, as the command line sends it.</summary>
    internal async Task<JsonElement> CallAsync(string method, CancellationToken cancellationToken, params (string Name, string Value)[] arguments)
    {
        var reply = await TryCallAsync(method, cancellationToken, arguments);
        return reply.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object
            ? throw new InvalidOperationException($"{method}: {error}")
            : reply.GetProperty("result").Clone();
    }

    /// <summary>The whole reply, an error or not.</summary>
    internal async Task<JsonElement> TryCallAsync(string method, CancellationToken cancellationToken, params (string Name, string Value)[] arguments)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(Folder, "node.sock")), cancellationToken);
        await using var stream = new NetworkStream(socket);
        var request = new JsonObject
        {
            ["method"] = method,
            ["arguments"] = new JsonObject(arguments.Select(static pair => KeyValuePair.Create(pair.Name, (JsonNode?)pair.Value))),
        };
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request.ToJsonString() + "\n"), cancellationToken);
        using var reader = new StreamReader(stream);
        var line = await reader.ReadLineAsync(cancellationToken) ?? throw new IOException("The node ended before it answered.");
        using var document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    }

    /// <summary>Waits until something of the node's reports holds.</summary>
    internal async Task<JsonElement> WaitAsync(string method, Func<JsonElement, bool> holds, CancellationToken cancellationToken, params (string Name, string Value)[] arguments)
    {
        var patience = Stopwatch.StartNew();
        while (true)
        {
            var report = await CallAsync(method, cancellationToken, arguments);
            if (holds(report))
                return report;
            if (patience.Elapsed > TimeSpan.FromMinutes(3))
                throw new TimeoutException($"{method} stays at {report}; {await CallAsync("status", cancellationToken)}; errors: {_errors}");
            await Task.Delay(50, cancellationToken);
        }
    }

    /// <summary>Waits until it has looked through a block.</summary>
    internal Task WaitForHeightAsync(int height, CancellationToken cancellationToken) =>
        WaitAsync("info", info => info.GetProperty("height").GetInt32() >= height && info.GetProperty("synced").GetBoolean(), cancellationToken);

    /// <summary>The one channel, once a property of it has a value.</summary>
    internal async Task<JsonElement> ChannelAsync(string property, string value, CancellationToken cancellationToken) =>
        (await WaitAsync("channels", report => report.GetProperty("channels").EnumerateArray().Any(channel => string.Equals(channel.GetProperty(property).ToString(), value, StringComparison.OrdinalIgnoreCase)), cancellationToken))
            .GetProperty("channels").EnumerateArray().First(channel => string.Equals(channel.GetProperty(property).ToString(), value, StringComparison.OrdinalIgnoreCase));

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            try
            {
                using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
                if (!_process.HasExited)
                    await KillAsync(timeout.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ArgumentException or InvalidOperationException)
            {
                // It ends with its input, which closes next.
            }

            _process.StandardInput.Close();
            _process.Dispose();
        }

        try
        {
            Directory.Delete(_home, recursive: true);
        }
        catch (IOException)
        {
            // A process that is still ending writes: the folder is temporary.
        }
    }

    // Files that are locked and grow are copied all the same.
    private static void CopyFolder(string from, string to)
    {
        using var process = Process.Start("cp", ["-r", from, to]);
        process.WaitForExit();
        File.Delete(Path.Combine(to, "node.sock"));
    }

    private async Task FundAsync(int coins, CancellationToken cancellationToken)
    {
        var outputs = new JsonObject();
        for (var i = 0; i < coins; i++)
            outputs[(await CallAsync("address", cancellationToken)).GetProperty("address").GetString()!] = 0.1m;
        await _bitcoind.WalletRpcAsync(Testing.Ldk.LdkPeer.WalletName, "sendmany", cancellationToken, "", outputs);
        await Mine.BlocksAsync(_bitcoind, 1, cancellationToken);
        await WaitAsync("balance", balance => balance.GetProperty("confirmed_sat").GetInt64() == coins * 10_000_000L, cancellationToken);
    }

    private async Task DrainAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync(CancellationToken.None) is { } line)
        {
            lock (_errors)
                _errors.AppendLine(line);
        }
    }
}

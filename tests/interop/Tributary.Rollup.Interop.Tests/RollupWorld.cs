using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tributary.Testing.Bitcoind;
using Tributary.Testing.Network;
using Tributary.Testing.Processes;

namespace Tributary.Rollup.Interop.Tests;

/// <summary>A bitcoind, an operator as a process, and folders for everybody else, driven by <c>tributary rollup</c> alone.</summary>
internal sealed class RollupWorld : IAsyncDisposable
{
    private const string WalletName = "miner";
    private const int BlocksAtOnce = 10;

    // Proofs are made beside other tests, and full segments where the day is a full one.
    private static readonly TimeSpan s_patience = Environment.GetEnvironmentVariable("TRIBUTARY_ROLLUP_DAY") is "full" ? TimeSpan.FromHours(2) : TimeSpan.FromMinutes(15);

    private static BitcoindNode? s_shared;

    private readonly string _home = Directory.CreateTempSubdirectory("trollup-").FullName;
    private readonly int _port = FreePort.Next();
    private GuardedProcess? _operator;

    private RollupWorld(BitcoindNode bitcoind) => Bitcoind = bitcoind;

    internal BitcoindNode Bitcoind { get; }

    internal string Url => $"http://127.0.0.1:{_port.ToString(CultureInfo.InvariantCulture)}/";

    /// <summary>What the operator is started with, besides the usual.</summary>
    internal string[] OperatorExtras { get; set; } = [];

    /// <summary>What a test remembers of its world.</summary>
    internal Dictionary<string, long> Facts { get; } = new(StringComparer.Ordinal);

    /// <summary>The miner's address.</summary>
    internal string Address { get; private set; } = "";

    /// <summary>The first block that a verifier looks at.</summary>
    internal string From { get; private set; } = "";

    private static string Program => Path.Combine(AppContext.BaseDirectory, "..", "..", "Tributary.Cli", new DirectoryInfo(AppContext.BaseDirectory).Name, "tributary.dll");

    private string[] Chain => ["--bitcoind", Bitcoind.RpcAddress.ToString(), "--bitcoind-cookie", Bitcoind.CookiePath];

    /// <summary>A rollup that has begun and runs.</summary>
    internal static async Task<RollupWorld> StartAsync(BitcoindFixture fixture, CancellationToken cancellationToken)
    {
        var bitcoind = await StartNodeAsync(fixture, cancellationToken);
        var world = new RollupWorld(bitcoind);
        await bitcoind.RpcAsync("createwallet", cancellationToken, WalletName);
        world.Address = (await bitcoind.WalletRpcAsync(WalletName, "getnewaddress", cancellationToken)).GetString()!;
        await world.MineAsync(110, cancellationToken);

        var (code, report) = await world.CommandAsync(cancellationToken, ["init", "--data", world.Folder("operator"), .. world.Chain]);
        Assert.Equal((1, "TRIBUTARY_WALLET_PASSPHRASE"), (code, report.GetProperty("error").GetProperty("field").GetString()));
        var made = await world.DoAsync(cancellationToken, ["init", "--data", world.Folder("operator"), "--no-passphrase", .. world.Chain]);
        Assert.Equal("unfunded", made.GetProperty("state").GetString());
        for (var i = 0; i < 3; i++)
            await world.PayAsync(made.GetProperty("address").GetString()!, 0.5m, cancellationToken);
        await world.MineAsync(1, cancellationToken);
        var begun = await world.DoAsync(cancellationToken, ["init", "--data", world.Folder("operator"), .. world.Chain]);
        Assert.Equal("begun", begun.GetProperty("state").GetString());
        world.From = begun.GetProperty("from_height").GetInt32().ToString(CultureInfo.InvariantCulture);
        await world.MineAsync(1, cancellationToken);
        await world.StartOperatorAsync(cancellationToken);
        return world;
    }

    /// <summary>A bitcoind that relays anchors: Bitcoin Knots takes no data in witnesses unless it is told to, and Bitcoin Core does not know these flags.</summary>
    internal static async Task<BitcoindNode> StartNodeAsync(BitcoindFixture fixture, CancellationToken cancellationToken)
    {
        var version = (await (await fixture.GetSharedAsync(cancellationToken)).RpcAsync("getnetworkinfo", cancellationToken)).GetProperty("subversion").GetString()!;
        string[] knots = version.Contains("Knots", StringComparison.Ordinal) ? ["-acceptnonstddatacarrier=1", "-datacarrierfullcount=0"] : [];
        return await fixture.StartAsync(["-fallbackfee=0.00002", .. knots], cancellationToken);
    }

    /// <summary>Such a bitcoind that the tests of a class share, one after the other.</summary>
    internal static async Task<BitcoindNode> GetSharedNodeAsync(BitcoindFixture fixture, CancellationToken cancellationToken) => s_shared ??= await StartNodeAsync(fixture, cancellationToken);

    internal string Folder(string name) => Path.Combine(_home, name);

    /// <summary>Starts the operator: again after <see cref="KillOperatorAsync"/>, on the same folder and port.</summary>
    internal async Task StartOperatorAsync(CancellationToken cancellationToken, params string[] more)
    {
        _operator = await GuardedProcess.StartAsync(
            "dotnet",
            [Program, "rollup", "run", "--data", Folder("operator"), .. Chain, "--listen", $"127.0.0.1:{_port.ToString(CultureInfo.InvariantCulture)}", "--depth", "1", "--batch-seconds", "2", "--prover-threads", "1", .. more],
            cancellationToken);
        await UntilAsync(static status => status.TryGetProperty("open_batch", out var batch) && batch.GetUInt64() > 0, cancellationToken);
    }

    /// <summary>Ends the operator as <c>kill -9</c> does.</summary>
    internal async Task KillOperatorAsync(CancellationToken cancellationToken)
    {
        await _operator!.KillAsync(cancellationToken);
        _operator.Dispose();
        _operator = null;
    }

    /// <summary>Runs something beside the operator, until the test ends.</summary>
    internal Task<GuardedProcess> StartProgramAsync(CancellationToken cancellationToken, params string[] arguments) =>
        GuardedProcess.StartAsync("dotnet", [Program, "rollup", .. arguments], cancellationToken);

    /// <summary>A command that has to succeed.</summary>
    internal async Task<JsonElement> DoAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        var (code, report) = await CommandAsync(cancellationToken, arguments);
        return code == 0 ? report : throw new InvalidOperationException($"{string.Join(' ', arguments.Take(2))}: {report}");
    }

    /// <summary>A command of a wallet's folder, which knows operator and chain.</summary>
    internal Task<JsonElement> WithChainAsync(CancellationToken cancellationToken, params string[] arguments) => DoAsync(cancellationToken, [.. arguments, .. Chain]);

    /// <summary>Rebuilds the rollup in a new folder.</summary>
    internal Task<(int Code, JsonElement Report)> VerifyAsync(string folder, string proofs, CancellationToken cancellationToken) =>
        CommandAsync(cancellationToken, ["verify", "--data", Folder(folder), "--proofs", proofs, "--from", From, .. Chain]);

    /// <summary>A command, with its exit code and what it prints.</summary>
    internal Task<(int Code, JsonElement Report)> CommandAsync(CancellationToken cancellationToken, params string[] arguments) => CommandAsync(null, cancellationToken, arguments);

    internal async Task<(int Code, JsonElement Report)> CommandAsync(string? words, CancellationToken cancellationToken, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Program, "rollup", .. arguments, "--json"]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        start.Environment.Remove("TRIBUTARY_WALLET_PASSPHRASE");
        if (words is not null)
            start.Environment["TRIBUTARY_WORDS"] = words;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (output.Length == 0)
            throw new InvalidOperationException($"{string.Join(' ', arguments)} prints nothing: {await errors}");
        using var document = JsonDocument.Parse(output);
        return (process.ExitCode, document.RootElement.Clone());
    }

    /// <summary>A command that stays, to be read line by line and killed.</summary>
    internal LongCommand StartCommand(params string[] arguments) => new(Program, [.. arguments, .. Chain]);

    /// <summary>What an operator answers; null where it does not.</summary>
    internal async Task<JsonElement?> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        try
        {
            using var document = JsonDocument.Parse(await http.GetStringAsync(new Uri(Url + path), cancellationToken));
            return document.RootElement.Clone();
        }
        catch (Exception exception) when (IsNoAnswer(exception, cancellationToken))
        {
            return null;
        }
    }

    /// <summary>Makes a wallet; its account's number.</summary>
    internal async Task<string> CreateWalletAsync(string name, CancellationToken cancellationToken)
    {
        var report = await WithChainAsync(cancellationToken, "wallet", "create", "--data", Folder(name), "--rollup", Url, "--no-passphrase", "--key-height", "12");
        return report.GetProperty("accounts")[0].GetProperty("account").GetUInt32().ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Gives a wallet coins on Bitcoin, and takes them into the rollup.</summary>
    internal async Task DepositAsync(string name, long sats, CancellationToken cancellationToken)
    {
        var address = (await DoAsync(cancellationToken, "wallet", "address", "--data", Folder(name))).GetProperty("address").GetString()!;
        await PayAsync(address, 0.1m, cancellationToken);
        await MineAsync(1, cancellationToken);
        await WithChainAsync(cancellationToken, "deposit", "--data", Folder(name), "--amount", sats.ToString(CultureInfo.InvariantCulture));
        await MineAsync(1, cancellationToken);
    }

    internal async Task<ulong> BalanceAsync(string name, CancellationToken cancellationToken) =>
        (await DoAsync(cancellationToken, "wallet", "show", "--data", Folder(name))).GetProperty("accounts")[0].GetProperty("balance_sat").GetUInt64();

    internal Task PayAsync(string address, decimal bitcoins, CancellationToken cancellationToken) => Bitcoind.WalletRpcAsync(WalletName, "sendtoaddress", cancellationToken, address, bitcoins);

    /// <summary>Pays several outputs at once, as bitcoind's <c>send</c> takes them.</summary>
    internal Task PayAsync(JsonArray outputs, CancellationToken cancellationToken) => Bitcoind.WalletRpcAsync(WalletName, "send", cancellationToken, outputs);

    internal async Task<int> MineAsync(int count, CancellationToken cancellationToken)
    {
        // A few at a time: a node that has a hundredth of a processor needs a while for many.
        for (var mined = 0; mined < count; mined += BlocksAtOnce)
            await Bitcoind.RpcAsync("generatetoaddress", cancellationToken, Math.Min(BlocksAtOnce, count - mined), Address);
        return (await Bitcoind.RpcAsync("getblockcount", cancellationToken)).GetInt32();
    }

    /// <summary>Takes a block and all above it back. What is mined then pays another address: within the same second it would be the same block, which the node knows as invalid.</summary>
    internal async Task TakeBackAsync(string block, CancellationToken cancellationToken)
    {
        await Bitcoind.RpcAsync("invalidateblock", cancellationToken, block);
        Address = (await Bitcoind.WalletRpcAsync(WalletName, "getnewaddress", cancellationToken)).GetString()!;
    }

    /// <summary>The operator's word on how far it is; an empty object while it does not answer.</summary>
    internal async Task<JsonElement> StatusAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        try
        {
            using var document = JsonDocument.Parse(await http.GetStringAsync(new Uri(Url + "v1/rollup"), cancellationToken));
            return document.RootElement.Clone();
        }
        catch (Exception exception) when (IsNoAnswer(exception, cancellationToken))
        {
            using var empty = JsonDocument.Parse("{}");
            return empty.RootElement.Clone();
        }
    }

    /// <summary>Waits until the operator says something.</summary>
    internal async Task<JsonElement> UntilAsync(Func<JsonElement, bool> holds, CancellationToken cancellationToken)
    {
        var patience = Stopwatch.StartNew();
        while (true)
        {
            var status = await StatusAsync(cancellationToken);
            if (holds(status))
                return status;
            if (patience.Elapsed > s_patience)
                throw new TimeoutException($"The operator stays at {status}");
            await Task.Delay(50, cancellationToken);
        }
    }

    /// <summary>Mines until everything that was taken is in a batch on Bitcoin and proven.</summary>
    internal async Task<JsonElement> SettleAsync(CancellationToken cancellationToken)
    {
        var patience = Stopwatch.StartNew();
        while (true)
        {
            await MineAsync(1, cancellationToken);
            var height = (await Bitcoind.RpcAsync("getblockcount", cancellationToken)).GetInt32();
            _ = await UntilAsync(one => HasActedOn(one, height), cancellationToken);
            await Task.Delay(400, cancellationToken);
            var status = await UntilAsync(one => HasActedOn(one, height), cancellationToken);
            if (Number(status, "open_operations") == 0 && Number(status, "closed_batch") == Number(status, "anchored_batch"))
                return await UntilAsync(static one => one.TryGetProperty("proven_segments", out var proven) && proven.GetUInt64() == Number(one, "segments"), cancellationToken);
            if (patience.Elapsed > s_patience)
                throw new TimeoutException($"The operator stays at {status}");
        }
    }

    /// <summary>It has looked through a block and done what was due at it.</summary>
    internal static bool HasActedOn(JsonElement status, int height) =>
        status.TryGetProperty("height", out var seen) && seen.GetInt32() == height && status.GetProperty("acted_height").GetInt32() == height;

    internal static ulong Number(JsonElement status, string name) => status.GetProperty(name).GetUInt64();

    public async ValueTask DisposeAsync()
    {
        if (_operator is not null)
            await KillOperatorAsync(CancellationToken.None);
        try
        {
            Directory.Delete(_home, recursive: true);
        }
        catch (IOException)
        {
            // A program that is still ending writes: the folder is temporary.
        }
    }

    // A slow operator is asked again.
    private static bool IsNoAnswer(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);
}

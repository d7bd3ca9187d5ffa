using System.Text.Json.Nodes;
using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Chain.Bitcoind;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Tests.Chain.Contract;
using Tributary.Testing.Bitcoind;

namespace Tributary.Bitcoin.Tests.Chain.Bitcoind;

/// <summary>Moves a real bitcoind by its own RPC, beside the source under test.</summary>
public sealed class BitcoindDriver : ChainDriver
{
    private readonly BitcoindChainSource _source;
    private readonly HashSet<BlockHash> _invalidated = [];
    private int _competing;

    public BitcoindDriver(BitcoindNode node, CoinStore coins, Func<BitcoindOptions, BitcoindOptions>? change = null)
        : base(coins)
    {
        Node = node;
        var options = Options(node);
        _source = BitcoindChainSource.Start(change is null ? options : change(options), TimeProvider.System);
    }

    public BitcoindNode Node { get; }

    public override IChainSource Source => _source;

    /// <summary>For tests: quick to look again.</summary>
    public static BitcoindOptions Options(BitcoindNode node) =>
        new(node.RpcAddress, BitcoindCredentials.FromCookieFile(node.CookiePath), BitcoinNetwork.Regtest)
        {
            PollInterval = TimeSpan.FromMilliseconds(50),
            OutageMax = TimeSpan.FromMinutes(2),
        };

    /// <summary>Bitcoin Knots tells apart what Bitcoin Core calls by one name.</summary>
    public override string? CoreReason(string? reason) => reason switch
    {
        not null when reason.StartsWith("truc-", StringComparison.Ordinal) => "TRUC-violation",
        not null when reason.StartsWith("bad-witness-", StringComparison.Ordinal) => "bad-witness-nonstandard",
        _ => reason,
    };

    public override async Task<ChainTip> ReorganiseAsync(int depth, CancellationToken cancellationToken)
    {
        var tip = (int)(await Node.RpcAsync("getblockcount", cancellationToken)).GetInt64();
        var first = (await Node.RpcAsync("getblockhash", cancellationToken, tip - depth + 1)).GetString()!;
        await Node.RpcAsync("invalidateblock", cancellationToken, first);
        // Another script each time: the same coinbase on the same parent at the same second would be the same block.
        var script = new ScriptBuilder().PushNumber(1000 + _competing++).Build();
        for (var i = 0; i <= depth; i++)
            await Node.RpcAsync("generateblock", cancellationToken, $"raw({StandardScripts.P2wshOf(script).ToHex()})", new JsonArray());
        await Node.RpcAsync("reconsiderblock", cancellationToken, first);
        return await TipAsync(cancellationToken);
    }

    public override async Task InvalidateAsync(BlockHash hash, CancellationToken cancellationToken)
    {
        _invalidated.Add(hash);
        await Node.RpcAsync("invalidateblock", cancellationToken, hash.ToString());
    }

    public override async Task ReconsiderAsync(BlockHash hash, CancellationToken cancellationToken)
    {
        _invalidated.Remove(hash);
        await Node.RpcAsync("reconsiderblock", cancellationToken, hash.ToString());
    }

    public override async Task GoAwayAsync(CancellationToken cancellationToken)
    {
        // bitcoind writes its chain state now and then only; this makes it, so that what dies is the process and not the test's chain.
        await Node.RpcAsync("gettxoutsetinfo", cancellationToken);
        await Node.RpcAsync("savemempool", cancellationToken);
        await Node.KillAsync(cancellationToken);
    }

    public override async Task ComeBackAsync(CancellationToken cancellationToken) => await Node.StartAsync(cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        // The next test mines on this node too, and would make the very block that was declared invalid.
        foreach (var hash in _invalidated)
            await Node.RpcAsync("reconsiderblock", CancellationToken.None, hash.ToString());
    }

    protected override async Task<IReadOnlyList<Block>> MineBlocksAsync(int count, CancellationToken cancellationToken)
    {
        var hashes = await Node.RpcAsync("generatetodescriptor", cancellationToken, count, $"raw({Spendable.Script.ToHex()})");
        var blocks = new List<Block>();
        foreach (var hash in hashes.EnumerateArray())
        {
            var hex = (await Node.RpcAsync("getblock", cancellationToken, hash.GetString(), 0)).GetString()!;
            blocks.Add(Block.Parse(Convert.FromHexString(hex)).Value);
        }

        return blocks;
    }
}

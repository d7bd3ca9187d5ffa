using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Chain.Bitcoind;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Scripts;
using Tributary.Rollup.Tests.Anchoring;
using Tributary.Testing.Bitcoind;

namespace Tributary.Rollup.Interop.Tests.Swaps;

/// <summary>A bitcoind on regtest that other tests use before and after, with a chain of its own for each.</summary>
internal sealed class BitcoindTestChain(BitcoindNode node) : ITestChain
{
    private readonly BitcoindChainSource _source = BitcoindChainSource.Start(
        new BitcoindOptions(node.RpcAddress, BitcoindCredentials.FromCookieFile(node.CookiePath), BitcoinNetwork.Regtest)
        {
            PollInterval = TimeSpan.FromMilliseconds(50),
            OutageMax = TimeSpan.FromMinutes(2),
        },
        TimeProvider.System);

    public IChainSource Source => _source;

    public async Task MineAsync(int count, Script payTo, CancellationToken cancellationToken) =>
        await node.RpcAsync("generatetodescriptor", cancellationToken, count, $"raw({payTo.ToHex()})");

    public async Task ReorganiseAsync(int depth, Script payTo, CancellationToken cancellationToken)
    {
        var tip = (int)(await node.RpcAsync("getblockcount", cancellationToken)).GetInt64();
        var first = (await node.RpcAsync("getblockhash", cancellationToken, tip - depth + 1)).GetString()!;
        await node.RpcAsync("invalidateblock", cancellationToken, first);
        await MineToNobodyAsync(node, cancellationToken);
        await MineAsync(depth, payTo, cancellationToken);
    }

    /// <summary>A chain that begins anew: what another test mined is no longer valid, and what it left in the mempool spends nothing that is.</summary>
    internal static async Task<BitcoindTestChain> CreateAsync(BitcoindNode node, CancellationToken cancellationToken)
    {
        if ((await node.RpcAsync("getblockcount", cancellationToken)).GetInt64() > 0)
            await node.RpcAsync("invalidateblock", cancellationToken, (await node.RpcAsync("getblockhash", cancellationToken, 1)).GetString());

        await MineToNobodyAsync(node, cancellationToken);
        Assert.Equal(1, (await node.RpcAsync("getblockcount", cancellationToken)).GetInt64());
        return new BitcoindTestChain(node);
    }

    // A block that is none of those that were taken back: it pays another script each time.
    private static async Task MineToNobodyAsync(BitcoindNode node, CancellationToken cancellationToken) =>
        await node.RpcAsync("generatetodescriptor", cancellationToken, 1, $"raw(6a04{Random.Shared.Next():x8})");

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}

using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Chain.Bitcoind;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Scripts;
using Tributary.Testing.Bitcoind;

namespace Tributary.Rollup.Tests.Anchoring;

/// <summary>A bitcoind of its own on regtest.</summary>
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
        await MineAsync(depth + 1, payTo, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await node.DisposeAsync();
    }
}

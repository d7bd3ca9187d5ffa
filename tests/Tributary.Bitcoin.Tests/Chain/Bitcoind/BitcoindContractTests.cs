using Tributary.Bitcoin.Tests.Chain.Contract;

namespace Tributary.Bitcoin.Tests.Chain.Bitcoind;

/// <summary>The contract over RPC, notified by ZMQ.</summary>
public sealed class BitcoindContractTests(OwnNode node) : ChainSourceContract, IClassFixture<OwnNode>
{
    protected override async Task<ChainDriver> StartAsync(CancellationToken cancellationToken) =>
        new BitcoindDriver(await node.GetAsync(cancellationToken), node.Coins);
}

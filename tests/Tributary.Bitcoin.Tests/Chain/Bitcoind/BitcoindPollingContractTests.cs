using Tributary.Bitcoin.Chain.Bitcoind;
using Tributary.Bitcoin.Tests.Chain.Contract;

namespace Tributary.Bitcoin.Tests.Chain.Bitcoind;

/// <summary>The contract over RPC alone, from a node that keeps no index of transactions.</summary>
public sealed class BitcoindPollingContractTests(OwnNode node) : ChainSourceContract, IClassFixture<OwnNode>
{
    protected override async Task<ChainDriver> StartAsync(CancellationToken cancellationToken) =>
        new BitcoindDriver(
            await node.GetAsync(cancellationToken, "-txindex=0"),
            node.Coins,
            static options => options with { NotificationAddress = BitcoindOptions.NoNotifications });
}

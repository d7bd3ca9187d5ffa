using Tributary.Bitcoin.Tests.Chain.Contract;
using Tributary.Testing.Bitcoind;

namespace Tributary.Bitcoin.Tests.Chain.Bitcoind;

/// <summary>The contract over RPC, notified by ZMQ.</summary>
public sealed class BitcoindContractTests(BitcoindFixture fixture) : ChainSourceContract
{
    protected override async Task<ChainDriver> StartAsync(CancellationToken cancellationToken) =>
        new BitcoindDriver(await fixture.GetSharedAsync(cancellationToken));
}

using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Tests.Chain.Contract;
using Tributary.Bitcoin.Tests.Chain.Embedded;
using Tributary.Bitcoin.Tests.Wallets.Contract;

namespace Tributary.Bitcoin.Tests.Wallets;

/// <summary>The wallet on the embedded chain.</summary>
public sealed class EmbeddedWalletTests : WalletContract
{
    protected override Task<ChainDriver> StartAsync(CancellationToken cancellationToken) => Task.FromResult<ChainDriver>(new EmbeddedDriver(path: null));

    protected override async Task<long> MineToAsync(Script script)
    {
        var chain = ((EmbeddedDriver)Driver).Chain;
        var hash = (await chain.MineAsync(1, script, Cancellation)).Value[0];
        return (await chain.GetBlockAsync(hash, Cancellation)).Value.Transactions[0].Output(0).Value.Value;
    }
}

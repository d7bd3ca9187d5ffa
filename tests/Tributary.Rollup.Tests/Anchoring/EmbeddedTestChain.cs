using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Chain.Embedded;
using Tributary.Bitcoin.Scripts;

namespace Tributary.Rollup.Tests.Anchoring;

/// <summary>The embedded chain, which validates every script and signature.</summary>
internal sealed class EmbeddedTestChain : ITestChain
{
    private readonly EmbeddedChain _chain = EmbeddedChain.Open(new EmbeddedChainOptions(), TimeProvider.System).Value;

    public IChainSource Source => _chain;

    public async Task MineAsync(int count, Script payTo, CancellationToken cancellationToken) => Assert.True((await _chain.MineAsync(count, payTo, cancellationToken)).IsOk);

    public async Task ReorganiseAsync(int depth, Script payTo, CancellationToken cancellationToken) =>
        Assert.True((await _chain.ReorganiseAsync(depth, payTo, cancellationToken)).IsOk);

    public ValueTask DisposeAsync() => _chain.DisposeAsync();
}

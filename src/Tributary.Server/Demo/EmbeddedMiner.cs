using Tributary.Bitcoin.Chain.Embedded;
using Tributary.Bitcoin.Scripts;
using Tributary.Primitives.Results;

namespace Tributary.Server.Demo;

/// <summary>Mines on the embedded chain.</summary>
internal sealed class EmbeddedMiner(EmbeddedChain chain) : IMiner
{
    public async Task<Refusal?> MineAsync(int blocks, Script payTo, CancellationToken cancellationToken) =>
        (await chain.MineAsync(blocks, payTo, cancellationToken)).TryGet(out _, out var error) ? null : new Refusal("blocks", error.Reason);
}

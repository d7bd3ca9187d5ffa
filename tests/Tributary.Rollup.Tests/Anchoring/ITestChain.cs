using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Scripts;

namespace Tributary.Rollup.Tests.Anchoring;

/// <summary>A chain that a test drives.</summary>
internal interface ITestChain : IAsyncDisposable
{
    IChainSource Source { get; }

    /// <summary>Mines blocks with what waits in the mempool.</summary>
    Task MineAsync(int count, Script payTo, CancellationToken cancellationToken);

    /// <summary>Replaces the last blocks by as many and one more.</summary>
    Task ReorganiseAsync(int depth, Script payTo, CancellationToken cancellationToken);
}

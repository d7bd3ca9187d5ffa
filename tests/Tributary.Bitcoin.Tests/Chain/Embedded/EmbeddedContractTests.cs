using Tributary.Bitcoin.Tests.Chain.Contract;

namespace Tributary.Bitcoin.Tests.Chain.Embedded;

/// <summary>The contract in process, on a file.</summary>
public sealed class EmbeddedContractTests : ChainSourceContract
{
    protected override Task<ChainDriver> StartAsync(CancellationToken cancellationToken) =>
        Task.FromResult<ChainDriver>(new EmbeddedDriver(Path.Combine(Path.GetTempPath(), $"tributary-chain-{Guid.NewGuid():N}")));
}

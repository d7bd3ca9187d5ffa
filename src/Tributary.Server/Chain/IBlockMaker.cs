using Tributary.Primitives.Results;

namespace Tributary.Server.Chain;

/// <summary>Mines on a chain of one's own.</summary>
internal interface IBlockMaker
{
    /// <summary>Mines blocks, one after the other, and returns the new height.</summary>
    Task<Result<int, Refusal>> MineAsync(int count, CancellationToken cancellationToken);
}

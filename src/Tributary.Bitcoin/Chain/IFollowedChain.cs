using Tributary.Bitcoin.Blocks;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Chain;

/// <summary>What <see cref="ChainFollower"/> needs of a source.</summary>
internal interface IFollowedChain
{
    BlockHash GenesisHash { get; }

    /// <summary>Completes when the tip may have moved, or the source has come or gone.</summary>
    Task NextChange { get; }

    /// <summary>
    /// The active chain's hashes from a height upward: as many as asked for, fewer where the chain ends, none beyond its end. A source
    /// that is behind what it knows of fails with <see cref="ChainErrorKind.NotSynced"/> rather than showing a chain too short.
    /// </summary>
    ValueTask<Result<BlockHash[], ChainError>> GetActiveHashesAsync(int fromHeight, int countMax, CancellationToken cancellationToken);

    ValueTask<Result<Block, ChainError>> GetBlockAsync(BlockHash hash, CancellationToken cancellationToken);
}

using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;
using Tributary.Rollup.Anchoring;
using Tributary.Rollup.Withdrawals;

namespace Tributary.Rollup.Batches;

/// <summary>
/// What a replica goes on from: a rollup after a block up to which all of it is proven and no block is taken back. It holds the state and what is
/// owed, and nothing of the history.
/// </summary>
internal sealed record ReplicaBase
{
    /// <summary>The height of the block.</summary>
    public required int Height { get; init; }

    /// <summary>Blocks that batches may still name, the last one at <see cref="Height"/>.</summary>
    public required IReadOnlyList<BlockHash> Blocks { get; init; }

    /// <summary>How the rollup began; null where it has not.</summary>
    public AnchorSeen.Began? Beginning { get; init; }

    /// <summary>The output that the next batch spends; null after the end.</summary>
    public OutPoint? Anchor { get; init; }

    /// <summary>The last batch; null for none.</summary>
    public BatchHeader? Last { get; init; }

    /// <summary>Segments so far, all proven.</summary>
    public ulong Segments { get; init; }

    /// <summary>Forced posts that no batch has consumed.</summary>
    public IReadOnlyList<ForcedPost> WaitingPosts { get; init; } = [];

    /// <summary>Deposits that no batch has looked at.</summary>
    public IReadOnlyList<SeenDeposit> WaitingDeposits { get; init; } = [];

    /// <summary>Deposits to nobody.</summary>
    public Satoshis PassedOver { get; init; }

    /// <summary>Withdrawals from the first on that is not paid.</summary>
    public IReadOnlyList<SettledWithdrawal> Withdrawals { get; init; } = [];

    /// <summary>Withdrawals before it.</summary>
    public int PaidBefore { get; init; }

    /// <summary>What stood in the place of a batch and did not count, the last ones.</summary>
    public IReadOnlyList<RefusedBatch> Refused { get; init; } = [];

    public VaultBase? Vault { get; init; }

    /// <summary>The state's encoding; none before the beginning.</summary>
    public ReadOnlyMemory<byte> State { get; init; }
}

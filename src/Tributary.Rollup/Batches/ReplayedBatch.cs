using Tributary.Primitives.Results;
using Tributary.Rollup.Anchoring;

namespace Tributary.Rollup.Batches;

/// <summary>A batch that was carried out from Bitcoin alone and leads to the root that it names.</summary>
/// <param name="Header">What it says of itself.</param>
/// <param name="Segments">Its segments, each to be shown by a proof.</param>
/// <param name="Posts">The forced posts that it consumed, with why one had no effect.</param>
/// <param name="PassedOver">Deposits to nobody: the vault owes them outside the rollup.</param>
public sealed record ReplayedBatch(
    BatchHeader Header, IReadOnlyList<ReplayedSegment> Segments, IReadOnlyList<(ForcedPost Post, Refusal? Why)> Posts, IReadOnlyList<SeenDeposit> PassedOver)
{
    /// <summary>The height of the block with its anchor.</summary>
    public int AnchoredAt { get; init; }
}

using Tributary.Rollup.Anchoring;
using Tributary.Rollup.Segments;

namespace Tributary.Rollup.Batches;

/// <summary>What a batch has to consume, by the cursors of its header.</summary>
/// <param name="HeightBefore">Rollup time before the batch.</param>
/// <param name="Forced">The point in the forced queue before the batch.</param>
/// <param name="Posts">Forced posts, in order.</param>
/// <param name="Deposits">Deposits, in order.</param>
internal sealed record BatchDues(uint HeightBefore, ForcedQueuePoint Forced, IReadOnlyList<ForcedPost> Posts, IReadOnlyList<SeenDeposit> Deposits);

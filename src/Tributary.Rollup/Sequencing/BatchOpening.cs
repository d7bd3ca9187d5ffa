using Tributary.Bitcoin.Blocks;
using Tributary.Primitives.Bytes;
using Tributary.Rollup.Anchoring;

namespace Tributary.Rollup.Sequencing;

/// <summary>What a batch begins with: the Bitcoin height that is its time, and what has to be consumed up to it.</summary>
/// <param name="Height">Rollup time.</param>
/// <param name="Block">The block at that height.</param>
/// <param name="ForcedCursor">Forced posts since genesis up to the height.</param>
/// <param name="ForcedDigest">The queue's digest at that cursor.</param>
/// <param name="DepositCursor">Deposits since genesis up to the height.</param>
/// <param name="Posts">The posts that no earlier batch consumed.</param>
/// <param name="Deposits">The deposits that no earlier batch took.</param>
public sealed record BatchOpening(
    uint Height,
    BlockHash Block,
    ulong ForcedCursor,
    Bytes32 ForcedDigest,
    ulong DepositCursor,
    IReadOnlyList<ForcedPost> Posts,
    IReadOnlyList<SeenDeposit> Deposits)
{
    /// <summary>What the next batch begins with, as a chain shows it.</summary>
    /// <param name="height">Rollup time: deep enough that Bitcoin does not take it back.</param>
    /// <param name="before">The batch before; null for the first.</param>
    /// <param name="posts">All posts since genesis.</param>
    /// <param name="deposits">All deposits since genesis.</param>
    /// <param name="chain">Bitcoin as it was shown.</param>
    public static BatchOpening At(uint height, BatchHeader? before, IReadOnlyList<ForcedPost> posts, IReadOnlyList<SeenDeposit> deposits, AnchorFollower chain)
    {
        var (forced, deposited) = (chain.PostsUpTo(height), chain.DepositsUpTo(height));
        return new BatchOpening(
            height,
            chain.BlockAt(height) ?? throw new ArgumentOutOfRangeException(nameof(height), height, "The block was not shown."),
            forced,
            chain.QueueDigest(forced)!.Value,
            deposited,
            [.. posts.Skip((int)(before?.ForcedCursor ?? 0)).Take((int)(forced - (before?.ForcedCursor ?? 0)))],
            [.. deposits.Skip((int)(before?.DepositCursor ?? 0)).Take((int)(deposited - (before?.DepositCursor ?? 0)))]);
    }
}

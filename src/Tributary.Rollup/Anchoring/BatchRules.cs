using Tributary.Primitives.Results;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Anchoring;

/// <summary>
/// Does a batch follow? These are the rules that need Bitcoin's blocks and the batch before it, and neither the body nor the proof. Every
/// verifier applies them; a batch that breaks one changes nothing, and the next may take its number.
/// </summary>
public static class BatchRules
{
    /// <summary>Judges a header.</summary>
    /// <param name="header">What the batch says.</param>
    /// <param name="anchoredAt">The height of the block with its anchor.</param>
    /// <param name="before">The last batch that counts; null for the first.</param>
    /// <param name="genesisRoot">The root that a rollup begins with.</param>
    /// <param name="chain">Bitcoin as it was shown, at least up to the block before the anchor's.</param>
    /// <returns>The first rule that it breaks, or null.</returns>
    public static Refusal? Check(BatchHeader header, int anchoredAt, BatchHeader? before, TreeDigest genesisRoot, AnchorFollower chain)
    {
        var beginning = chain.Beginning ?? throw new InvalidOperationException("The rollup's beginning was not shown.");
        if (header.Rollup != beginning.Rollup)
            return new("batch.rollup", "is another rollup's");
        if (header.Number != (before?.Number ?? 0) + 1)
            return new("batch.number", $"is {header.Number}, where {(before?.Number ?? 0) + 1} is due");
        if (header.RootBefore != (before?.RootAfter ?? genesisRoot))
            return new("batch.root_before", "is not the root that the batch before it left");
        if (header.Segments == 0)
            return new("batch.segments", "is zero");
        return CheckTime(header, anchoredAt, before?.Height ?? (uint)beginning.Height, chain) ?? CheckQueues(header, anchoredAt, chain);
    }

    private static Refusal? CheckTime(BatchHeader header, int anchoredAt, uint heightBefore, AnchorFollower chain)
    {
        if (header.Height < heightBefore)
            return new("batch.height", $"goes back to {header.Height} from {heightBefore}");
        if (header.Height >= anchoredAt)
            return new("batch.height", $"is {header.Height}, not below its anchor's {anchoredAt}");
        return chain.BlockAt(header.Height) == header.Block ? null : new("batch.block", $"is not the block at height {header.Height}");
    }

    // All that was posted and paid up to the batch's height is in it, so rollup time never runs past what it owes.
    private static Refusal? CheckQueues(BatchHeader header, int anchoredAt, AnchorFollower chain)
    {
        var posts = chain.PostsUpTo(header.Height);
        if (header.ForcedCursor != posts)
            return new("batch.forced_cursor", $"is {header.ForcedCursor}; {posts} operations were posted up to height {header.Height}");
        if (chain.QueueDigest(posts) != header.ForcedDigest)
            return new("batch.forced_digest", "is not the queue's");
        var deposits = chain.DepositsUpTo(header.Height);
        if (header.DepositCursor != deposits)
            return new("batch.deposit_cursor", $"is {header.DepositCursor}; {deposits} deposits were made up to height {header.Height}");
        return chain.FirstPostAfter(posts) is { } posted && posted + ForcedPost.DueBlocks < anchoredAt
            ? new("batch.forced_cursor", $"leaves out an operation posted at height {posted}, due by {posted + ForcedPost.DueBlocks}")
            : null;
    }
}

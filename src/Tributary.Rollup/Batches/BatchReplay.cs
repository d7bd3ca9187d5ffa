using Tributary.Finance.Assets;
using Tributary.Finance.Engine;
using Tributary.Finance.Htlcs;
using Tributary.Finance.Operations;
using Tributary.Finance.State;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Rollup.Anchoring;
using Tributary.Rollup.Segments;

namespace Tributary.Rollup.Batches;

/// <summary>
/// Carries out a batch as it was posted, segment by segment: first the forced posts that it consumes, each at the time of its block and with its
/// signature checked, then its operations without signatures, which is what a proof shows. The ledger has moved only where there is no refusal.
/// </summary>
/// <param name="rollup">The rollup's id.</param>
/// <param name="ledger">The state that the batch begins with.</param>
internal sealed class BatchReplay(Bytes32 rollup, RollupLedger ledger)
{
    /// <summary>Carries a batch out.</summary>
    /// <param name="header">Judged by <see cref="BatchRules"/> already.</param>
    /// <param name="posted">The body as posted.</param>
    /// <param name="due">What the batch has to consume.</param>
    /// <param name="blockAt">The block at a height.</param>
    /// <param name="firstSegment">How many segments there were before.</param>
    internal Result<ReplayedBatch, Refusal> Run(BatchHeader header, ReadOnlyMemory<byte> posted, BatchDues due, Func<long, Bytes32?> blockAt, ulong firstSegment)
    {
        if (SegmentStatement.DigestOf(posted.Span) != header.BodyDigest)
            return new Refusal("batch.body_digest", "is not the body's");
        if (!BatchBody.Read(header.Segments, posted.Span).TryGet(out var body, out var garbage))
            return garbage;
        if (body.Segments[^1].Height != header.Height)
            return new Refusal("batch.height", $"is {header.Height}; its last segment's is {body.Segments[^1].Height}");

        var start = ledger.Mark();
        var outcome = Run(header, body, due, blockAt, firstSegment);
        if (!outcome.IsOk)
            ledger.Revert(start);
        return outcome;
    }

    private Result<ReplayedBatch, Refusal> Run(BatchHeader header, BatchBody body, BatchDues due, Func<long, Bytes32?> blockAt, ulong firstSegment)
    {
        var deposits = new DepositQueue(due.Deposits, ledger.IsRegistered);
        var outcomes = new List<(ForcedPost, Refusal?)>();
        var (point, height, consumed) = (due.Forced, due.HeightBefore, 0);
        var segments = new List<ReplayedSegment>();
        foreach (var segment in body.Segments)
        {
            if (segment.Height < height || blockAt(segment.Height) is not { } block)
                return new Refusal("segment.height", $"{segment.Height} is not after the one before, or not a block's");
            height = segment.Height;
            if (CheckPosts(segment, due.Posts, consumed) is { } skipped)
                return new Refusal($"batch.body[{segments.Count}].{skipped.Field}", skipped.Reason);
            var context = new SegmentContext(rollup, firstSegment + (ulong)segments.Count, height, block, point);
            IReadOnlyList<ForcedPost> posts = [.. due.Posts.Skip(consumed).Take(segment.Posts)];
            if (!Run(segment, context, posts, deposits, outcomes).TryGet(out var replayed, out var refusal))
                return new Refusal($"batch.body[{segments.Count}].{refusal.Field}", refusal.Reason);
            segments.Add(replayed);
            (point, consumed) = (posts.Aggregate(point, static (at, post) => at.After(post)), consumed + posts.Count);
        }

        if (consumed != due.Posts.Count)
            return new Refusal("batch.posts", $"of which {due.Posts.Count - consumed} are consumed by none of its segments");
        if (deposits.End() is { } left)
            return left;
        return ledger.Root == header.RootAfter
            ? new ReplayedBatch(header, segments, outcomes, deposits.PassedOver)
            : new Refusal("batch.root_after", $"is not the root {ledger.Root} that the body leads to");
    }

    // Rollup time is the height up to which the queue is consumed: an operation of a height comes after every post up to it.
    private static Refusal? CheckPosts(SegmentBody segment, IReadOnlyList<ForcedPost> posts, int consumed)
    {
        var after = consumed + segment.Posts;
        if (after > posts.Count || (segment.Posts > 0 && posts[after - 1].Height > segment.Height))
            return new Refusal("posts", $"consumes {segment.Posts}, of which not all were posted up to height {segment.Height}");
        return segment.Operations.Count > 0 && after < posts.Count && posts[after].Height <= segment.Height
            ? new Refusal("posts", $"has operations at height {segment.Height} before the post of height {posts[after].Height}")
            : null;
    }

    private void Consume(IReadOnlyList<ForcedPost> posts, SegmentEvents events, Noted noted, List<(ForcedPost Post, Refusal? Why)> outcomes)
    {
        foreach (var post in posts)
        {
            var mark = ledger.Mark();
            var outcome = ForcedOperation.Consume(post, rollup, ledger.Engine);
            Note(outcome, mark, events, noted);
            outcomes.Add((post, outcome.Refusal));
        }
    }

    // A supply that one operation changes and another changes back is listed too: a proof shows both.
    private void Note(in Outcome outcome, in Checkpoint mark, SegmentEvents events, Noted noted)
    {
        foreach (var what in outcome.Events.Where(SegmentEvents.IsListed))
            events.Take(what);
        noted.Contracts.AddRange(outcome.Events.Where(static what => what is HtlcLocked or HtlcClaimed or HtlcRefunded));
        ledger.Engine.State.ReadChanges(mark, noted);
    }

    private Result<ReplayedSegment, Refusal> Run(
        SegmentBody body, SegmentContext context, IReadOnlyList<ForcedPost> posts, DepositQueue deposits, List<(ForcedPost Post, Refusal? Why)> outcomes)
    {
        var before = ledger.Root;
        var mark = ledger.Mark();
        var events = new SegmentEvents();
        var noted = new Noted(events);
        Consume(posts, events, noted, outcomes);
        for (var i = 0; i < body.Operations.Count; i++)
        {
            var request = body.Operations[i];
            if (OperationPlanner.Check(request) is { } misfit)
                return new Refusal($"operations[{i}].{misfit.Field}", misfit.Reason);
            if (request.Operation is Deposit deposit && deposits.Take(deposit, context.Height) is { } unpaid)
                return new Refusal($"operations[{i}].{unpaid.Field}", unpaid.Reason);
            if (!WithTrueIndex(request).TryGet(out var indexed))
                return new Refusal($"operations[{i}].index", "is beyond the key's");
            var operation = ledger.Mark();
            var outcome = ledger.Engine.Apply(new OperationContext(context.Height, SegmentBuilder.SourceOf(indexed.Value)), indexed.Value);
            if (outcome.Refusal is { } refused)
                return new Refusal($"operations[{i}].{refused.Field}", refused.Reason);
            Note(outcome, operation, events, noted);
        }

        ledger.Commit(mark);
        return new ReplayedSegment(context, body, posts, before, ledger.Root, events, noted.Contracts);
    }

    // A body holds gaps: how many indices an operation leaves out after the account's next one.
    private Result<Indexed, Refusal> WithTrueIndex(in OperationRequest request)
    {
        if (request.Authorisation is not { } authorisation)
            return new Indexed(request);
        var index = (ulong)ledger.Engine.State.Read(FinanceLeaves.Accounts, authorisation.Account.Value).NextIndex + authorisation.Index;
        return index <= uint.MaxValue
            ? new Indexed(request with { Authorisation = authorisation with { Index = (uint)index } })
            : new Refusal("index", "is too large");
    }

    private readonly record struct Indexed(OperationRequest Value);

    private sealed class Noted(SegmentEvents events) : ILeafSink
    {
        public List<FinanceEvent> Contracts { get; } = [];

        public void Take(LeafKey key, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after) => events.TakeLeaf(key, after);
    }
}

using Tributary.Primitives.Bytes;
using Tributary.Rollup.Anchoring;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Segments;

/// <summary>A segment that has been carried out: what is posted, and what a proof is made from.</summary>
public sealed class Segment
{
    private readonly SegmentEvents _events;

    internal Segment(
        SegmentContext context, SegmentBody body, IReadOnlyList<ForcedPost> posts, SegmentEvents events, TreeDigest before, TreeDigest after, byte[] hints, SegmentWitness witness)
    {
        (Context, Body, Posts, _events, RootBefore, RootAfter, Hints, Witness) = (context, body, posts, events, before, after, hints, witness);
        BodyBytes = body.Write();
    }

    public SegmentContext Context { get; }

    public SegmentBody Body { get; }

    /// <summary>The posts of the forced queue that it consumes, in order.</summary>
    public IReadOnlyList<ForcedPost> Posts { get; }

    /// <summary>The body as it is posted.</summary>
    public ReadOnlyMemory<byte> BodyBytes { get; }

    public TreeDigest RootBefore { get; }

    public TreeDigest RootAfter { get; }

    internal byte[] Hints { get; }

    internal SegmentWitness Witness { get; }

    /// <summary>The public inputs of a proof under a key.</summary>
    public SegmentStatement Statement(Bytes32 verifyingKey) => new()
    {
        Rollup = Context.Rollup,
        VerifyingKey = verifyingKey,
        Number = Context.Number,
        RootBefore = RootBefore,
        RootAfter = RootAfter,
        BodyDigest = SegmentStatement.DigestOf(BodyBytes.Span),
        ForcedBefore = Context.Forced,
        ForcedAfter = Posts.Aggregate(Context.Forced, static (point, post) => point.After(post)),
        BlockHash = Context.BlockHash,
        Deposits = _events.Deposits,
        Withdrawals = _events.Withdrawals,
        Outcomes = _events.Outcomes,
        Supplies = _events.Supplies,
    };
}

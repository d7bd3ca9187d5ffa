using Tributary.Primitives.Bytes;
using Tributary.Rollup.Segments;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Batches;

/// <summary>A segment that was carried out from its posted body: what a proof of it has to show.</summary>
public sealed class ReplayedSegment
{
    private readonly SegmentContext _context;
    private readonly SegmentEvents _events;

    internal ReplayedSegment(SegmentContext context, SegmentBody body, TreeDigest before, TreeDigest after, SegmentEvents events)
    {
        (_context, Body, RootBefore, RootAfter, _events) = (context, body.Write(), before, after, events);
    }

    /// <summary>The place in the chain of segments.</summary>
    public ulong Number => _context.Number;

    /// <summary>The body as posted.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    public TreeDigest RootBefore { get; }

    public TreeDigest RootAfter { get; }

    /// <summary>The public inputs of a proof under a key.</summary>
    public SegmentStatement Statement(Bytes32 verifyingKey) => new()
    {
        Rollup = _context.Rollup,
        VerifyingKey = verifyingKey,
        Number = Number,
        RootBefore = RootBefore,
        RootAfter = RootAfter,
        BodyDigest = SegmentStatement.DigestOf(Body.Span),
        ForcedBefore = _context.Forced,
        ForcedAfter = _context.Forced,
        BlockHash = _context.BlockHash,
        Deposits = _events.Deposits,
        Withdrawals = _events.Withdrawals,
        Outcomes = _events.Outcomes,
        Supplies = _events.Supplies,
    };
}

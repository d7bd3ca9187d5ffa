using Tributary.Finance.Assets;
using Tributary.Finance.Engine;
using Tributary.Primitives.Bytes;
using Tributary.Rollup.Anchoring;
using Tributary.Rollup.Segments;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Batches;

/// <summary>A segment that was carried out from its posted body: what a proof of it has to show.</summary>
public sealed class ReplayedSegment
{
    private readonly SegmentContext _context;
    private readonly SegmentEvents _events;

    internal ReplayedSegment(
        SegmentContext context, SegmentBody body, IReadOnlyList<ForcedPost> posts, TreeDigest before, TreeDigest after, SegmentEvents events, IReadOnlyList<FinanceEvent> contracts)
    {
        (_context, Body, Posts, RootBefore, RootAfter, _events, Contracts) = (context, body.Write(), posts, before, after, events, contracts);
    }

    /// <summary>The place in the chain of segments.</summary>
    public ulong Number => _context.Number;

    /// <summary>The body as posted.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The posts of the forced queue that it consumes, in order.</summary>
    public IReadOnlyList<ForcedPost> Posts { get; }

    /// <summary>Rollup time.</summary>
    public uint Height => _context.Height;

    /// <summary>Money that leaves the rollup: the vault owes it on Bitcoin.</summary>
    public IReadOnlyList<Withdrawn> Withdrawals => _events.Withdrawals;

    /// <summary>Money that has come in.</summary>
    public IReadOnlyList<Deposited> Deposits => _events.Deposits;

    /// <summary>The supply after the segment of each asset whose supply it changed.</summary>
    public IReadOnlyList<AssetSupply> Supplies => _events.Supplies;

    /// <summary>What happened to contracts, in order: locked, claimed with the preimage, refunded.</summary>
    public IReadOnlyList<FinanceEvent> Contracts { get; }

    /// <summary>How contracts ended.</summary>
    public IReadOnlyList<HtlcOutcome> Outcomes => _events.Outcomes;

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
        ForcedAfter = Posts.Aggregate(_context.Forced, static (point, post) => point.After(post)),
        BlockHash = _context.BlockHash,
        Deposits = _events.Deposits,
        Withdrawals = _events.Withdrawals,
        Outcomes = _events.Outcomes,
        Supplies = _events.Supplies,
    };
}

using System.Security.Cryptography;
using Tributary.Finance.Assets;
using Tributary.Finance.Engine;
using Tributary.Finance.Htlcs;
using Tributary.Finance.State;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Rollup.Segments;

/// <summary>Gathers what a statement lists, while operations are planned.</summary>
internal sealed class SegmentEvents
{
    private readonly SortedDictionary<ulong, AssetSupply> _supplies = [];

    public List<Deposited> Deposits { get; } = [];

    public List<Withdrawn> Withdrawals { get; } = [];

    public List<HtlcOutcome> Outcomes { get; } = [];

    public IReadOnlyList<AssetSupply> Supplies => [.. _supplies.Values];

    /// <summary>True for what a statement lists.</summary>
    public static bool IsListed(FinanceEvent what) => what is Deposited or Withdrawn or HtlcClaimed or HtlcRefunded;

    public void Take(FinanceEvent what)
    {
        switch (what)
        {
            case Deposited deposit:
                Deposits.Add(deposit);
                break;
            case Withdrawn withdrawal:
                Withdrawals.Add(withdrawal);
                break;
            case HtlcClaimed claim:
                Outcomes.Add(new HtlcOutcome(claim.Htlc, new Bytes32(SHA256.HashData(claim.Preimage.Span)), true));
                break;
            case HtlcRefunded refund:
                Outcomes.Add(new HtlcOutcome(refund.Htlc, refund.Terms.Hash, false));
                break;
            default:
                throw new ArgumentException("A statement does not list this.", nameof(what));
        }
    }

    /// <summary>Which list of a statement is another than what was gathered; null where none is.</summary>
    public Refusal? Differs(SegmentStatement statement)
    {
        if (!Deposits.SequenceEqual(statement.Deposits))
            return new Refusal("deposits", "not those of the body");
        if (!Withdrawals.SequenceEqual(statement.Withdrawals))
            return new Refusal("withdrawals", "not those of the body");
        if (!Outcomes.SequenceEqual(statement.Outcomes))
            return new Refusal("outcomes", "not those of the body");
        return Supplies.SequenceEqual(statement.Supplies) ? null : new Refusal("supplies", "not those that the body leaves");
    }

    /// <summary>Notes the supply of an asset that a segment leaves.</summary>
    public void TakeLeaf(LeafKey key, ReadOnlySpan<byte> after)
    {
        if (key.Kind == LeafKind.Asset && AssetLeaf.TryRead(after, out var leaf))
            _supplies[key.Address] = new AssetSupply(new Finance.Amounts.AssetId((uint)key.Address), leaf.Supply);
    }
}

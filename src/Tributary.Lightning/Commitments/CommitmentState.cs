using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Commitments;

/// <summary>What one commitment transaction says: who has how much, and what is under way.</summary>
public sealed record CommitmentState
{
    /// <summary>Counts from zero.</summary>
    public required ulong Number { get; init; }

    public required CommitmentKeys Keys { get; init; }

    public required FeeratePerKw Feerate { get; init; }

    /// <summary>The broadcaster's balance without HTLCs, before fee and anchors.</summary>
    public required MilliSatoshis ToBroadcaster { get; init; }

    /// <summary>The countersigner's balance without HTLCs, before fee and anchors.</summary>
    public required MilliSatoshis ToCountersigner { get; init; }

    /// <summary>Of both directions, in any order.</summary>
    public required IReadOnlyList<CommittedHtlc> Htlcs { get; init; }
}

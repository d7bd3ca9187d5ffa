using System.Collections.Immutable;

namespace Tributary.Payments.Outgoing;

/// <summary>What a store allows of outgoing money.</summary>
public sealed record OutgoingPolicy
{
    /// <summary>For test money: everything at once.</summary>
    public static OutgoingPolicy Test { get; } = new();

    /// <summary>For real money, until a store says otherwise: a hundredth of a bitcoin without a second person, a day for a new destination.</summary>
    public static OutgoingPolicy Live { get; } = new()
    {
        ApprovalAbove = ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal).Add("msat", 1_000_000_000),
        DestinationDelay = TimeSpan.FromDays(1),
    };

    /// <summary>More than this, by asset in its smallest unit, needs somebody else's agreement; no entry is no limit.</summary>
    public ImmutableSortedDictionary<string, long> ApprovalAbove { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>How long a destination has to be known before a payout goes there.</summary>
    public TimeSpan DestinationDelay { get; init; }

    /// <summary>What the hot wallet holds at most, in millisatoshis; the rest is swept to the destination. Null for no cap.</summary>
    public long? HotWalletCap { get; init; }

    /// <summary>Where payouts go that name no destination, and what is above the cap: an address of a cold wallet.</summary>
    public string? Destination { get; init; }

    /// <summary>Does this much need a second person?</summary>
    public bool NeedsApproval(string asset, long amount) => ApprovalAbove.TryGetValue(asset, out var limit) && amount > limit;
}

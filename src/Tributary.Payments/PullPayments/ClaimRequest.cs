using Tributary.Payments.Intents;
using Tributary.Payments.Money;

namespace Tributary.Payments.PullPayments;

/// <summary>What somebody claims.</summary>
public sealed record ClaimRequest
{
    /// <summary>The store whose own money is claimed; null for a claim of a pull payment.</summary>
    public string? StoreId { get; init; }

    public bool IsLive { get; init; }

    /// <summary>What it is claimed of; null for a payout of the store.</summary>
    public string? PullPaymentId { get; init; }

    /// <summary>An invoice, an address or a link of either.</summary>
    public required string Destination { get; init; }

    /// <summary>In the pull payment's currency, in bitcoin without one; null for what the destination names, or all that is left.</summary>
    public CurrencyAmount? Amount { get; init; }

    /// <summary>Which way; null for the one that the destination belongs to.</summary>
    public RailKind? Rail { get; init; }

    /// <summary>The merchant asks for it and agrees at once.</summary>
    public bool IsApproved { get; init; }

    /// <summary>JSON of the merchant's.</summary>
    public string? Metadata { get; init; }

    /// <summary>The merchant who asks; null for whoever knows the pull payment's name.</summary>
    public string? Actor { get; init; }
}

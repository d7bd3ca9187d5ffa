using System.Collections.Immutable;
using Tributary.Payments.Intents;
using Tributary.Payments.Money;

namespace Tributary.Payments.PullPayments;

/// <summary>
/// Money that others may ask for up to an amount: whoever knows its name claims, with a destination of their own. It gives out the store's own money,
/// or is a refund that waits for a destination.
/// </summary>
public sealed record PullPayment
{
    /// <summary>Nobody guesses it: it is what lets in.</summary>
    public required string Id { get; init; }

    public required string StoreId { get; init; }

    public required bool IsLive { get; init; }

    public string Name { get; init; } = "";

    public string Description { get; init; } = "";

    /// <summary>All that may be claimed.</summary>
    public required CurrencyAmount Amount { get; init; }

    /// <summary>Claims need nobody's agreement, as far as the store's policy allows.</summary>
    public bool ApprovesClaims { get; init; }

    /// <summary>How long an invoice has to hold where somebody has to agree to a claim first.</summary>
    public TimeSpan InvoiceLifetimeMin { get; init; }

    /// <summary>The rails that claims may use.</summary>
    public required ImmutableArray<RailKind> Rails { get; init; }

    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>From when on nothing is claimed any more; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The payment that is given back; null where the store's own money is given out.</summary>
    public string? IntentId { get; init; }

    /// <summary>The refund that holds the money already and is claimed whole; null where the amount in bitcoin is decided with each claim.</summary>
    public string? RefundId { get; init; }

    /// <summary>Who made it: a key or a user.</summary>
    public required string CreatedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Nothing is claimed any more.</summary>
    public bool IsArchived { get; init; }

    /// <summary>Counts the changes from one.</summary>
    public required long Version { get; init; }

    /// <summary>Where people claim.</summary>
    public string Path => $"/pull-payments/{Id}";
}

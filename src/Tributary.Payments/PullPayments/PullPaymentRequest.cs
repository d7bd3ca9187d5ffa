using System.Collections.Immutable;
using Tributary.Payments.Intents;
using Tributary.Payments.Money;

namespace Tributary.Payments.PullPayments;

/// <summary>What a merchant asks of a pull payment.</summary>
public sealed record PullPaymentRequest
{
    public required string StoreId { get; init; }

    public required bool IsLive { get; init; }

    public string? Name { get; init; }

    public string? Description { get; init; }

    public required CurrencyAmount Amount { get; init; }

    public bool ApprovesClaims { get; init; }

    public TimeSpan? InvoiceLifetimeMin { get; init; }

    /// <summary>Empty for all that money goes out by.</summary>
    public ImmutableArray<RailKind> Rails { get; init; } = [];

    /// <summary>When it begins to pay out; null: at once.</summary>
    public DateTimeOffset? StartsAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Who asks: a key or a user.</summary>
    public required string Actor { get; init; }
}

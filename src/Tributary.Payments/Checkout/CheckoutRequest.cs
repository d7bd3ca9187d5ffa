using System.Collections.Immutable;
using Tributary.Payments.Intents;
using Tributary.Payments.Money;

namespace Tributary.Payments.Checkout;

/// <summary>What a merchant asks a checkout page for.</summary>
public sealed record CheckoutRequest
{
    public required string StoreId { get; init; }

    public required bool IsLive { get; init; }

    public required Currency Currency { get; init; }

    public required ImmutableArray<CheckoutLine> Lines { get; init; }

    /// <summary>Where the shopper goes after paying; <c>{CHECKOUT_SESSION_ID}</c> in it becomes the session's name. Null: the page itself says thanks.</summary>
    public string? SuccessUrl { get; init; }

    /// <summary>Where the shopper goes who does not want to pay; null: nowhere.</summary>
    public string? CancelUrl { get; init; }

    public string? CustomerId { get; init; }

    public string? CustomerEmail { get; init; }

    /// <summary>The merchant's own name for the order.</summary>
    public string? ClientReferenceId { get; init; }

    public ImmutableSortedDictionary<string, string> Metadata { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What the payment intent carries.</summary>
    public ImmutableSortedDictionary<string, string> IntentMetadata { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public string? IntentDescription { get; init; }

    /// <summary>Where the intent's receipt is to be sent.</summary>
    public string? ReceiptEmail { get; init; }

    /// <summary>Where goods go, by Stripe's names.</summary>
    public ImmutableSortedDictionary<string, string>? IntentShipping { get; init; }

    /// <summary>What the shopper's statement is to say.</summary>
    public string? StatementDescriptor { get; init; }

    public CaptureMethod CaptureMethod { get; init; }

    public ImmutableArray<RailKind> Rails { get; init; } = [];

    /// <summary>How long the page can be paid; null for the longest.</summary>
    public TimeSpan? Lifetime { get; init; }

    /// <summary>The payment link that it was opened from.</summary>
    public string? PaymentLinkId { get; init; }
}

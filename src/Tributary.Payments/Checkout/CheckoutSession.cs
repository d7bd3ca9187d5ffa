using System.Collections.Immutable;
using Tributary.Payments.Money;

namespace Tributary.Payments.Checkout;

/// <summary>A page to pay on: what is bought, and where the shopper goes afterwards. Only its metadata ever changes; how far it has come is its intent's to say.</summary>
public sealed record CheckoutSession
{
    public required string Id { get; init; }

    public required string StoreId { get; init; }

    public required bool IsLive { get; init; }

    public required string IntentId { get; init; }

    /// <summary>Opens the page: part of its address and of nothing else.</summary>
    public required string Secret { get; init; }

    public required Currency Currency { get; init; }

    public required ImmutableArray<CheckoutLine> Lines { get; init; }

    public string? SuccessUrl { get; init; }

    public string? CancelUrl { get; init; }

    public string? CustomerEmail { get; init; }

    public string? ClientReferenceId { get; init; }

    public ImmutableSortedDictionary<string, string> Metadata { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public string? PaymentLinkId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The path of the page, which holds the secret.</summary>
    public string Path => $"/c/{Id}/{Secret}";

    /// <summary>Where the shopper goes after paying; null where the page itself says thanks.</summary>
    public string? ResolveSuccessUrl() => SuccessUrl?.Replace("{CHECKOUT_SESSION_ID}", Id, StringComparison.Ordinal);
}

using System.Collections.Immutable;
using Tributary.Payments.Intents;
using Tributary.Payments.Money;

namespace Tributary.Payments.Checkout;

/// <summary>An address that sells without a shop: each shopper who goes on from it gets a checkout session.</summary>
public sealed record PaymentLink
{
    public required string Id { get; init; }

    public required string StoreId { get; init; }

    public required bool IsLive { get; init; }

    public required Currency Currency { get; init; }

    public required ImmutableArray<CheckoutLine> Lines { get; init; }

    /// <summary>Where the shopper goes after paying; null: the page itself says thanks.</summary>
    public string? SuccessUrl { get; init; }

    public ImmutableArray<RailKind> Rails { get; init; } = [];

    public ImmutableSortedDictionary<string, string> Metadata { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Otherwise nobody can pay by it any more.</summary>
    public bool IsActive { get; init; } = true;

    public string Path => $"/l/{Id}";
}

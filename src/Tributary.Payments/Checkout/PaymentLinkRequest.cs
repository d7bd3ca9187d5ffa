using System.Collections.Immutable;
using Tributary.Payments.Intents;
using Tributary.Payments.Money;

namespace Tributary.Payments.Checkout;

/// <summary>What a merchant asks of a payment link.</summary>
public sealed record PaymentLinkRequest
{
    public required string StoreId { get; init; }

    public required bool IsLive { get; init; }

    public required Currency Currency { get; init; }

    public required ImmutableArray<CheckoutLine> Lines { get; init; }

    public string? SuccessUrl { get; init; }

    public ImmutableArray<RailKind> Rails { get; init; } = [];

    public ImmutableSortedDictionary<string, string> Metadata { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}

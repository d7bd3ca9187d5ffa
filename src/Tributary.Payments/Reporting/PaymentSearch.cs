using System.Collections.Immutable;
using Tributary.Payments.Intents;

namespace Tributary.Payments.Reporting;

/// <summary>Which payments a member looks for.</summary>
/// <param name="StoreId">The store.</param>
/// <param name="IsLive">Its real or its test payments.</param>
/// <param name="Limit">At most so many.</param>
public sealed record PaymentSearch(string StoreId, bool IsLive, int Limit)
{
    /// <summary>A payment's name or its beginning, a customer's, an invoice's hash, an address, a value of the metadata (an order number), or words of the description.</summary>
    public string? Text { get; init; }

    /// <summary>Only this customer's.</summary>
    public string? CustomerId { get; init; }

    /// <summary>Only those of customers with this e-mail address.</summary>
    public string? Email { get; init; }

    /// <summary>Only those whose description has all of these words, or longer ones that begin so.</summary>
    public string? Description { get; init; }

    /// <summary>Only those with these values of the metadata.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Metadata { get; init; } = [];

    /// <summary>Only those of an amount within one of these; null for any amount, and none for what no amount can be.</summary>
    public ImmutableArray<AmountSpan>? Amounts { get; init; }

    public IntentStatus? Status { get; init; }

    /// <summary>Created on this day or later.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Created on this day or earlier.</summary>
    public DateOnly? To { get; init; }

    /// <summary>Those that come after this one in the list.</summary>
    public string? After { get; init; }
}

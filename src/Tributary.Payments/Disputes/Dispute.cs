using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Tributary.Payments.Money;

namespace Tributary.Payments.Disputes;

/// <summary>A shopper's bank takes a card payment back and asks the merchant why it should not. A part of the payment's file.</summary>
public sealed record Dispute
{
    public required string Id { get; init; }

    /// <summary>The receipt whose money is disputed.</summary>
    public required string Receipt { get; init; }

    public required CurrencyAmount Amount { get; init; }

    /// <summary>In Stripe's words ("fraudulent").</summary>
    public required string Reason { get; init; }

    public required DisputeStatus Status { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Until when evidence is taken.</summary>
    public required DateTimeOffset DueBy { get; init; }

    public ImmutableSortedDictionary<string, string> Evidence { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public DateTimeOffset? SubmittedAt { get; init; }

    public ImmutableSortedDictionary<string, string> Metadata { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Counts the changes from one.</summary>
    public required long Version { get; init; }

    /// <summary>The bank holds the money, or has kept it.</summary>
    [JsonIgnore]
    public bool TakesMoney => Status != DisputeStatus.Won;
}

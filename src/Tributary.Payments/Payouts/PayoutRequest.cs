using System.Collections.Immutable;
using Tributary.Payments.Access;
using Tributary.Payments.Money;

namespace Tributary.Payments.Payouts;

/// <summary>What a merchant asks for.</summary>
public sealed record PayoutRequest
{
    public required string StoreId { get; init; }

    public required bool IsLive { get; init; }

    /// <summary>Satoshis for bitcoin; another currency is what a card processor owes.</summary>
    public required CurrencyAmount Amount { get; init; }

    /// <summary>Where to; null for the destination of the store's policy, or the bank account that the processor knows.</summary>
    public string? Destination { get; init; }

    /// <summary>The most that may be spent on the way, in millisatoshis; null for what the rail finds fit.</summary>
    public long? FeeMax { get; init; }

    public string? Description { get; init; }

    public string? StatementDescriptor { get; init; }

    public ImmutableSortedDictionary<string, string> Metadata { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Who asks: a key or a user.</summary>
    public required string Actor { get; init; }

    /// <summary>Who has agreed already: enough above the limit where it is somebody else.</summary>
    public string? ApprovedBy { get; init; }

    /// <summary>Counts what whoever asks may send; null for no limit.</summary>
    public ISpendingGuard? Guard { get; init; }

    /// <summary>Made by the cap on the hot wallet.</summary>
    public bool IsAutomatic { get; init; }
}

using System.Collections.Immutable;
using Tributary.Payments.Errors;

namespace Tributary.Payments.Customers;

/// <summary>
/// The wish to keep a card for later payments without taking money now. Bitcoin is not kept: every payment of it has an invoice or an address of its
/// own that its payer has to see.
/// </summary>
public sealed record SetupIntent
{
    public required string Id { get; init; }

    public required string StoreId { get; init; }

    public required bool IsLive { get; init; }

    public required SetupStatus Status { get; init; }

    /// <summary>Whose card it will be; null where nobody's yet.</summary>
    public string? CustomerId { get; init; }

    /// <summary>The saved method that is to be kept; null where none was named.</summary>
    public string? MethodId { get; init; }

    /// <summary>It will be used while its holder is there, and not without.</summary>
    public bool IsOnSession { get; init; }

    public string? Description { get; init; }

    public ImmutableSortedDictionary<string, string> Metadata { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public required string ClientSecret { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Why it was given up, in Stripe's words; null where it was not, or nobody said.</summary>
    public string? CancellationReason { get; init; }

    /// <summary>Why the last card was refused.</summary>
    public PaymentError? LastError { get; init; }

    /// <summary>The card that was refused; null where none was.</summary>
    public SavedMethod? LastRefused { get; init; }

    /// <summary>Counts the changes from one.</summary>
    public required long Version { get; init; }
}

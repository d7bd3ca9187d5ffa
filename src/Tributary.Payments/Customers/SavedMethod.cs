using System.Collections.Immutable;
using Tributary.Payments.Intents;

namespace Tributary.Payments.Customers;

/// <summary>A way to pay that a store has kept, for a customer or for nobody yet. Of a card, the last four digits are kept and nothing else.</summary>
public sealed record SavedMethod
{
    public required string Id { get; init; }

    public required string StoreId { get; init; }

    public required bool IsLive { get; init; }

    public required RailKind Rail { get; init; }

    public string? CardLastFour { get; init; }

    public string? CustomerId { get; init; }

    public ImmutableSortedDictionary<string, string> Metadata { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Taken from its customer, and of no use any more.</summary>
    public bool IsDetached { get; init; }

    /// <summary>Counts the changes from one.</summary>
    public required long Version { get; init; }
}

using System.Collections.Immutable;

namespace Tributary.Payments.Customers;

/// <summary>Somebody who buys more than once, as far as the store says.</summary>
public sealed record Customer
{
    public required string Id { get; init; }

    public required string StoreId { get; init; }

    public required bool IsLive { get; init; }

    public string? Email { get; init; }

    public string? Name { get; init; }

    public string? Phone { get; init; }

    public string? Description { get; init; }

    /// <summary>By Stripe's names ("line1"); null where nobody said.</summary>
    public ImmutableSortedDictionary<string, string>? Address { get; init; }

    /// <summary>By Stripe's names ("name", "address.city"); null where nobody said.</summary>
    public ImmutableSortedDictionary<string, string>? Shipping { get; init; }

    public ImmutableSortedDictionary<string, string> Metadata { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From when on nothing is known of them any more but that there was somebody.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>Counts the changes from one.</summary>
    public required long Version { get; init; }

    /// <summary>Never who it is.</summary>
    public override string ToString() => Id;
}

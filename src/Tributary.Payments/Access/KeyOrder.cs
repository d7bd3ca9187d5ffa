using System.Collections.Immutable;

namespace Tributary.Payments.Access;

/// <summary>What a new key is to be.</summary>
public sealed record KeyOrder
{
    public required string StoreId { get; init; }

    public required bool IsLive { get; init; }

    public KeyKind Kind { get; init; }

    public string? Name { get; init; }

    public ImmutableSortedDictionary<KeyResource, KeyAccess> Grants { get; init; } = ImmutableSortedDictionary<KeyResource, KeyAccess>.Empty;

    public ImmutableSortedDictionary<string, long> SpendingPerDay { get; init; } = ImmutableSortedDictionary<string, long>.Empty;
}

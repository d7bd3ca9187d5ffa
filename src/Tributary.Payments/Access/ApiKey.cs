using System.Collections.Immutable;

namespace Tributary.Payments.Access;

/// <summary>What a key's holder may act on. The key itself is known by its hash only.</summary>
/// <param name="Id">The key's name, which is no secret.</param>
/// <param name="StoreId">The store whose objects it sees.</param>
/// <param name="IsLive">Real money; otherwise the embedded chain's and test cards.</param>
public sealed record ApiKey(string Id, string StoreId, bool IsLive)
{
    public KeyKind Kind { get; init; }

    /// <summary>For the team's list.</summary>
    public string? Name { get; init; }

    /// <summary>What a restricted key is granted.</summary>
    public ImmutableSortedDictionary<KeyResource, KeyAccess> Grants { get; init; } = ImmutableSortedDictionary<KeyResource, KeyAccess>.Empty;

    /// <summary>The most that refunds and payouts of one UTC day may send, by asset in its smallest unit; no entry is no limit.</summary>
    public ImmutableSortedDictionary<string, long> SpendingPerDay { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>From when on it is no key any more: a rolled key works for a while beside the new one.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>May it do this? A publishable key never: its routes ask for the intent's own secret.</summary>
    public bool Allows(KeyResource resource, KeyAccess access) => Kind switch
    {
        KeyKind.Secret => true,
        KeyKind.Restricted => Grants.GetValueOrDefault(resource) >= access,
        _ => false,
    };
}

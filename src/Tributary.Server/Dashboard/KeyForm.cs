using System.Collections.Immutable;
using Tributary.Payments.Access;

namespace Tributary.Server.Dashboard;

/// <summary>What a member chose for a key, and what the page shows once.</summary>
public sealed record KeyForm
{
    public string? Name { get; init; }

    public KeyKind Kind { get; init; }

    public ImmutableSortedDictionary<KeyResource, KeyAccess> Grants { get; init; } = ImmutableSortedDictionary<KeyResource, KeyAccess>.Empty;

    public string? Limit { get; init; }

    public string? LimitCurrency { get; init; }

    public string? Problem { get; init; }

    /// <summary>The new key, told this once.</summary>
    public string? Secret { get; init; }

    /// <summary>What the new key is.</summary>
    public ApiKey? Issued { get; init; }

    /// <summary>Never the secret.</summary>
    public override string ToString() => nameof(KeyForm);
}

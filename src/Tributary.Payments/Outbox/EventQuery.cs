using System.Collections.Immutable;
using Tributary.Payments.Storage;

namespace Tributary.Payments.Outbox;

/// <summary>Which events of a store are asked for.</summary>
/// <param name="StoreId">The store.</param>
/// <param name="IsLive">Of real or of test objects.</param>
/// <param name="Limit">At most so many.</param>
public sealed record EventQuery(string StoreId, bool IsLive, int Limit)
{
    /// <summary>Only these kinds; empty for all.</summary>
    public ImmutableArray<string> Kinds { get; init; } = [];

    /// <summary>When they happened.</summary>
    public CreatedSpan Created { get; init; }

    /// <summary>Those that were told to every endpoint that wants them, or those that were not; null for both.</summary>
    public bool? IsDelivered { get; init; }

    /// <summary>Those older than this position.</summary>
    public long? After { get; init; }

    /// <summary>Those newer than this position, nearest to it.</summary>
    public long? Before { get; init; }
}

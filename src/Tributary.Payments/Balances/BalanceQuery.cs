using Tributary.Payments.Ledger;
using Tributary.Payments.Storage;

namespace Tributary.Payments.Balances;

/// <summary>Which entries of a balance are asked for.</summary>
/// <param name="StoreId">The store.</param>
/// <param name="IsLive">Its real or its test money.</param>
/// <param name="Limit">At most so many.</param>
public sealed record BalanceQuery(string StoreId, bool IsLive, int Limit)
{
    /// <summary>Only those of an object; null for all.</summary>
    public string? Source { get; init; }

    /// <summary>Only those of a kind; null for all.</summary>
    public BalanceKind? Kind { get; init; }

    /// <summary>Only those of an asset; null for all.</summary>
    public Asset? Asset { get; init; }

    /// <summary>When they were posted.</summary>
    public CreatedSpan Created { get; init; }

    /// <summary>Those that come after this one in the list.</summary>
    public string? After { get; init; }

    /// <summary>Those that come before this one, nearest to it.</summary>
    public string? Before { get; init; }
}

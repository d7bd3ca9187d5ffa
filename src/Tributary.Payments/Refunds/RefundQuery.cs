using Tributary.Payments.Storage;

namespace Tributary.Payments.Refunds;

/// <summary>Which refunds a list shows, the newest first.</summary>
/// <param name="StoreId">The store.</param>
/// <param name="IsLive">Its real or its test objects.</param>
/// <param name="Limit">At most so many.</param>
public sealed record RefundQuery(string StoreId, bool IsLive, int Limit)
{
    public string? IntentId { get; init; }

    /// <summary>When they were made.</summary>
    public CreatedSpan Created { get; init; }

    /// <summary>Those that come after this one in the list.</summary>
    public string? After { get; init; }

    /// <summary>Those that come before this one, nearest to it.</summary>
    public string? Before { get; init; }
}

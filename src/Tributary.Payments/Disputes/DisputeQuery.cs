using Tributary.Payments.Storage;

namespace Tributary.Payments.Disputes;

/// <summary>Which disputes a list shows, the newest first.</summary>
public sealed record DisputeQuery(string StoreId, bool IsLive, int Limit)
{
    public string? IntentId { get; init; }

    /// <summary>When they were made.</summary>
    public CreatedSpan Created { get; init; }

    /// <summary>Those that come after this one in the list.</summary>
    public string? After { get; init; }

    /// <summary>Those that come before this one, nearest to it.</summary>
    public string? Before { get; init; }
}

using Tributary.Payments.Storage;

namespace Tributary.Payments.Payouts;

/// <summary>Which payouts a list shows, the newest first.</summary>
public sealed record PayoutQuery(string StoreId, bool IsLive, int Limit)
{
    /// <summary>Only those of a status, as <see cref="PayoutWords.NameOf"/> names it.</summary>
    public string? Status { get; init; }

    /// <summary>When they were made.</summary>
    public CreatedSpan Created { get; init; }

    /// <summary>Those that come after this one in the list.</summary>
    public string? After { get; init; }

    /// <summary>Those that come before this one, nearest to it.</summary>
    public string? Before { get; init; }
}

namespace Tributary.Payments.Storage;

/// <summary>Which intents a list shows.</summary>
/// <param name="StoreId">The store.</param>
/// <param name="IsLive">Its real or its test objects.</param>
/// <param name="Limit">At most so many.</param>
public sealed record IntentQuery(string StoreId, bool IsLive, int Limit)
{
    public string? CustomerId { get; init; }

    /// <summary>Only those that money has come for.</summary>
    public bool IsCharged { get; init; }

    /// <summary>When they were made.</summary>
    public CreatedSpan Created { get; init; }

    /// <summary>Those that come after this one in the list.</summary>
    public string? After { get; init; }

    /// <summary>Those that come before this one, nearest to it.</summary>
    public string? Before { get; init; }
}

using Tributary.Payments.Storage;

namespace Tributary.Payments.Customers;

/// <summary>Which setup intents are asked for.</summary>
/// <param name="StoreId">The store.</param>
/// <param name="IsLive">Its real or its test objects.</param>
/// <param name="Limit">At most so many.</param>
public sealed record SetupQuery(string StoreId, bool IsLive, int Limit)
{
    /// <summary>Only those of a customer; null for all.</summary>
    public string? CustomerId { get; init; }

    /// <summary>Only those of a payment method; null for all.</summary>
    public string? MethodId { get; init; }

    /// <summary>When they were made.</summary>
    public CreatedSpan Created { get; init; }

    /// <summary>Those that come after this one in the list.</summary>
    public string? After { get; init; }

    /// <summary>Those that come before this one, nearest to it.</summary>
    public string? Before { get; init; }
}

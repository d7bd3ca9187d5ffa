using System.Collections.Immutable;

namespace Tributary.Payments.Invoices;

/// <summary>Which invoices a list shows.</summary>
/// <param name="StoreId">The store.</param>
/// <param name="IsLive">Real money.</param>
/// <param name="Skip">So many are passed over.</param>
/// <param name="Take">At most so many.</param>
public sealed record InvoiceQuery(string StoreId, bool IsLive, long Skip, long Take)
{
    /// <summary>Of these orders; empty for all.</summary>
    public ImmutableArray<string> OrderIds { get; init; } = [];

    /// <summary>Of these statuses; empty for all.</summary>
    public ImmutableArray<InvoiceStatus> Statuses { get; init; } = [];

    /// <summary>With this text somewhere in what they can be found by.</summary>
    public string? Text { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? Until { get; init; }

    public bool IncludesArchived { get; init; }
}

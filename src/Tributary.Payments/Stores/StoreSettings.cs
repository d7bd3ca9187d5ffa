using System.Collections.Immutable;
using Tributary.Payments.Intents;
using Tributary.Payments.Money;

namespace Tributary.Payments.Stores;

/// <summary>What a store chooses for its invoices.</summary>
public sealed record StoreSettings
{
    public string? Website { get; init; }

    public string? SupportUrl { get; init; }

    /// <summary>The currency of an invoice that names none.</summary>
    public Currency DefaultCurrency { get; init; } = Currency.Of("usd");

    /// <summary>How long an invoice can be paid.</summary>
    public TimeSpan InvoiceExpiration { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>For how long after that the store wants to hear of late money; it is noted afterwards too.</summary>
    public TimeSpan MonitoringExpiration { get; init; } = TimeSpan.FromDays(1);

    public SpeedPolicy SpeedPolicy { get; init; } = SpeedPolicy.MediumSpeed;

    /// <summary>What a shopper's Lightning wallet shows; {StoreName}, {ItemDescription} and {OrderId} are filled in.</summary>
    public string LightningDescriptionTemplate { get; init; } = "Paid to {StoreName} (Order ID: {OrderId})";

    public bool RedirectsAutomatically { get; init; }

    public string DefaultLanguage { get; init; } = "en";

    public string? HtmlTitle { get; init; }

    public ReceiptChoice Receipt { get; init; } = ReceiptChoice.None;

    /// <summary>Offers are made one by one, when a shopper asks for them.</summary>
    public bool IsLazy { get; init; }

    public RailKind? DefaultRail { get; init; }

    /// <summary>Rails that the store does not offer.</summary>
    public ImmutableArray<RailKind> DisabledRails { get; init; } = [];

    /// <summary>How much more bitcoin than the source's price says, in hundredths of a percent; null for the server's choice.</summary>
    public int? SpreadBasisPoints { get; init; }

    /// <summary>How much of an invoice may be missing and it is paid all the same, in hundredths of a percent.</summary>
    public int ToleranceBasisPoints { get; init; }

    /// <summary>For claims of refunds by Lightning invoice: the least time, in days, that an invoice has to have.</summary>
    public int RefundInvoiceDaysMin { get; init; } = 30;

    /// <summary>Choices about looks that clients of other servers make: kept for them, as JSON by name, and used by no page here.</summary>
    public ImmutableSortedDictionary<string, string> Looks { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}

using System.Collections.Immutable;
using Tributary.Payments.Intents;
using Tributary.Payments.Money;
using Tributary.Payments.Stores;

namespace Tributary.Payments.Invoices;

/// <summary>What a merchant asks for. What is null is the store's to say.</summary>
public sealed record InvoiceRequest
{
    public required bool IsLive { get; init; }

    /// <summary>More than zero; zero of its currency for a top-up.</summary>
    public required CurrencyAmount Amount { get; init; }

    /// <summary>Whatever comes first is the amount.</summary>
    public bool IsTopUp { get; init; }

    /// <summary>How the currency was written.</summary>
    public required string Currency { get; init; }

    /// <summary>A JSON object.</summary>
    public required string Metadata { get; init; }

    public string? OrderId { get; init; }

    public string? BuyerEmail { get; init; }

    public string? ItemDescription { get; init; }

    /// <summary>The metadata's texts, by which it is found.</summary>
    public ImmutableArray<string> MetadataTexts { get; init; } = [];

    public ImmutableArray<string> SearchTerms { get; init; } = [];

    public SpeedPolicy? SpeedPolicy { get; init; }

    /// <summary>The rails that it can be paid by; empty for all that the store has.</summary>
    public ImmutableArray<RailKind> Rails { get; init; } = [];

    public RailKind? DefaultRail { get; init; }

    public bool? IsLazy { get; init; }

    /// <summary>How much may be missing, in hundredths of a percent.</summary>
    public int? ToleranceBasisPoints { get; init; }

    public TimeSpan? Expiration { get; init; }

    public TimeSpan? Monitoring { get; init; }

    public string? RedirectUrl { get; init; }

    public bool? RedirectsAutomatically { get; init; }

    public string? DefaultLanguage { get; init; }

    public ReceiptChoice Receipt { get; init; } = ReceiptChoice.None;
}

using System.Collections.Immutable;
using Tributary.Payments.Intents;
using Tributary.Payments.Stores;

namespace Tributary.Payments.Invoices;

/// <summary>
/// A merchant's invoice: what is said about a payment intent beside the payment. How far it has come is the intent's to say, so there is no second
/// state to go wrong.
/// </summary>
public sealed record Invoice
{
    /// <summary>Opens the public page too: 22 random characters.</summary>
    public required string Id { get; init; }

    public required string StoreId { get; init; }

    public required bool IsLive { get; init; }

    public required string IntentId { get; init; }

    /// <summary>The page that it is paid on.</summary>
    public required string SessionId { get; init; }

    /// <summary>The currency as it was asked for: a code in upper case, or SATS.</summary>
    public required string Currency { get; init; }

    /// <summary>A JSON object of the merchant.</summary>
    public required string Metadata { get; init; }

    /// <summary>The merchant's name for the order, out of the metadata; null where there is none.</summary>
    public string? OrderId { get; init; }

    public required SpeedPolicy SpeedPolicy { get; init; }

    public required ImmutableArray<RailKind> Rails { get; init; }

    public RailKind? DefaultRail { get; init; }

    public required bool IsLazy { get; init; }

    /// <summary>Of a lazy invoice, the rails that were asked for.</summary>
    public ImmutableArray<RailKind> ActivatedRails { get; init; } = [];

    public required TimeSpan Expiration { get; init; }

    public required TimeSpan Monitoring { get; init; }

    public string? RedirectUrl { get; init; }

    public required bool RedirectsAutomatically { get; init; }

    public string? DefaultLanguage { get; init; }

    public required ReceiptChoice Receipt { get; init; }

    public ImmutableArray<string> SearchTerms { get; init; } = [];

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>What a person said it is; null where nobody did.</summary>
    public InvoiceMark? Mark { get; init; }

    public bool IsArchived { get; init; }

    public DateTimeOffset MonitoredUntil => ExpiresAt + Monitoring;

    /// <summary>The path of the public page.</summary>
    public string Path => "/i/" + Id;
}

using System.Collections.Immutable;
using Tributary.Payments.Intents;
using Tributary.Payments.Money;

namespace Tributary.Payments;

/// <summary>What a merchant asks for. The API has checked shapes; the core checks what it means.</summary>
public sealed record PaymentRequest
{
    public required string StoreId { get; init; }

    public required bool IsLive { get; init; }

    /// <summary>More than zero; zero for a top-up.</summary>
    public required CurrencyAmount Amount { get; init; }

    /// <summary>Whatever comes first is the amount. Bitcoin rails only, since a card has to be told what to pay.</summary>
    public bool IsTopUp { get; init; }

    public CaptureMethod CaptureMethod { get; init; }

    /// <summary>Empty: all that the server has.</summary>
    public ImmutableArray<RailKind> Rails { get; init; } = [];

    public string? CustomerId { get; init; }

    public string? Description { get; init; }

    /// <summary>Where a receipt is to be sent.</summary>
    public string? ReceiptEmail { get; init; }

    /// <summary>What the shopper's statement is to say.</summary>
    public string? StatementDescriptor { get; init; }

    /// <summary>Keep the card that pays for the customer: "off_session" or "on_session"; null: do not.</summary>
    public string? SetupFutureUsage { get; init; }

    /// <summary>Where goods go, by Stripe's names ("name", "address.city").</summary>
    public ImmutableSortedDictionary<string, string>? Shipping { get; init; }

    public ImmutableSortedDictionary<string, string> Metadata { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The invoice that it is for; null for none.</summary>
    public string? InvoiceId { get; init; }

    /// <summary>What the merchant chooses for it; null for the server's choice.</summary>
    public PaymentTerms? Terms { get; init; }

    /// <summary>How long the intent lives.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromHours(24);
}

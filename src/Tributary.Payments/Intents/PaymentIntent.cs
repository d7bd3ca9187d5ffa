using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Tributary.Payments.Errors;
using Tributary.Payments.Money;

namespace Tributary.Payments.Intents;

/// <summary>The merchant's wish to be paid an amount, and how far it has come. Immutable: each change is another value with the next version.</summary>
public sealed record PaymentIntent
{
    public required string Id { get; init; }

    /// <summary>The name of its charge: what was taken for it, in Stripe's terms.</summary>
    [JsonIgnore]
    public string ChargeId => "ch_" + Id[(Id.IndexOf('_', StringComparison.Ordinal) + 1)..];

    public required string StoreId { get; init; }

    /// <summary>Real money; otherwise the embedded chain's.</summary>
    public required bool IsLive { get; init; }

    /// <summary>What is asked for. Of a top-up it is nothing until money comes, and then what the first of it is worth.</summary>
    public required CurrencyAmount Amount { get; init; }

    /// <summary>Whatever comes first is the amount, and pays it; what comes after that is the shopper's like any excess.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsTopUp { get; init; }

    public required IntentStatus Status { get; init; }

    public required CaptureMethod CaptureMethod { get; init; }

    /// <summary>The invoice that it is for; null for none.</summary>
    public string? InvoiceId { get; init; }

    /// <summary>What the merchant chose for it; null for the server's choice.</summary>
    public PaymentTerms? Terms { get; init; }

    /// <summary>The rails that the merchant allows.</summary>
    public required ImmutableArray<RailKind> Rails { get; init; }

    /// <summary>A rail that was chosen and not confirmed yet.</summary>
    public RailKind? AttachedRail { get; init; }

    public string? CustomerId { get; init; }

    public string? Description { get; init; }

    /// <summary>Where a receipt is to be sent.</summary>
    public string? ReceiptEmail { get; init; }

    /// <summary>What the shopper's statement is to say.</summary>
    public string? StatementDescriptor { get; init; }

    /// <summary>What it is paid with by card is kept for the customer: "off_session" or "on_session"; null where it is not.</summary>
    public string? SetupFutureUsage { get; init; }

    /// <summary>Where goods go, by Stripe's names ("name", "address.city"); null where nobody said.</summary>
    public ImmutableSortedDictionary<string, string>? Shipping { get; init; }

    public ImmutableSortedDictionary<string, string> Metadata { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Lets a shopper's browser see and confirm this one intent.</summary>
    public required string ClientSecret { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ends by itself, unless money is under way.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public string? LatestAttemptId { get; init; }

    /// <summary>Settled and counted, in the intent's currency; never more than <see cref="Amount"/>.</summary>
    public required CurrencyAmount AmountReceived { get; init; }

    /// <summary>Held and ready for a capture.</summary>
    public required CurrencyAmount AmountCapturable { get; init; }

    /// <summary>What makes it paid: the amount, less what the merchant lets be missing; never nothing.</summary>
    [JsonIgnore]
    public CurrencyAmount Enough => Terms?.ToleranceBasisPoints is { } missing and > 0
        ? Amount with { MinorUnits = Math.Max(1, Amount.MinorUnits - (long)((Int128)Amount.MinorUnits * Math.Min(missing, PaymentTerms.ToleranceMax) / PaymentTerms.ToleranceMax)) }
        : Amount with { MinorUnits = Math.Max(1, Amount.MinorUnits) };

    /// <summary>When a hold is given back unless it is captured.</summary>
    public DateTimeOffset? CaptureBefore { get; init; }

    /// <summary>What a capture brings the settled money to, with what had settled before it; the rest of the hold becomes the shopper's.</summary>
    public CurrencyAmount? CaptureAmount { get; init; }

    public PaymentError? LastError { get; init; }

    /// <summary>The review that its latest offer opened.</summary>
    public string? ReviewId { get; init; }

    public DateTimeOffset? CanceledAt { get; init; }

    public CancellationReason? CancellationReason { get; init; }

    /// <summary>Counts the changes from one: the sequence number of the object's events.</summary>
    public required long Version { get; init; }
}

using Tributary.Payments.Money;

namespace Tributary.Payments.Intents;

/// <summary>Money that a rail reported for an attempt: an output, an HTLC set, a card authorisation.</summary>
public sealed record PaymentReceipt
{
    /// <summary>The rail's name for it (an outpoint, a payment hash): the same money reported twice is one receipt.</summary>
    public required string Reference { get; init; }

    public required string AttemptId { get; init; }

    public required ReceiptStatus Status { get; init; }

    /// <summary>In the attempt's asset.</summary>
    public required long Amount { get; init; }

    /// <summary>What it is worth towards the intent, in its currency.</summary>
    public required CurrencyAmount Value { get; init; }

    /// <summary>Of <see cref="Amount"/>, what <see cref="Value"/> stands for; the rest was more than asked.</summary>
    public required long Claim { get; init; }

    /// <summary>Of <see cref="Value"/>, what settled and counts: nothing is counted beyond the intent's amount, or after it was cancelled.</summary>
    public CurrencyAmount Counted { get; init; }

    /// <summary>Of <see cref="Amount"/>, what the merchant is credited with; the rest is the shopper's.</summary>
    public long Credited { get; init; }

    /// <summary>A part has been given back to the shopper, so what counts of it stands.</summary>
    public bool IsAllocationFinal { get; init; }

    public required DateTimeOffset FirstSeenAt { get; init; }

    public DateTimeOffset? SettledAt { get; init; }
}

using System.Text.Json.Serialization;
using Tributary.Payments.Ledger;
using Tributary.Payments.Money;
using Tributary.Payments.Quotes;
using Tributary.Payments.Risk;

namespace Tributary.Payments.Intents;

/// <summary>One way that was offered to pay an intent, or the rest of it: an invoice, an address, a card form.</summary>
public sealed record PaymentAttempt
{
    public required string Id { get; init; }

    public required RailKind Rail { get; init; }

    public required AttemptStatus Status { get; init; }

    /// <summary>The rail's name for it: a payment hash, an address, a processor's id. One attempt has it alone.</summary>
    public required string Reference { get; init; }

    /// <summary>What the shopper pays with: the invoice's text, the address; null on the card rail.</summary>
    public string? Instruction { get; init; }

    /// <summary>The part of the intent's amount that it was made for; nothing where any amount may come.</summary>
    public required CurrencyAmount Covers { get; init; }

    public required Asset Asset { get; init; }

    /// <summary>What is asked for: millisatoshis, or a currency's minor units on the card rail; 0 where any amount may come.</summary>
    public required long Due { get; init; }

    /// <summary>The rate that it was made with; null on a rail that pays in the intent's own currency.</summary>
    public Quote? Quote { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From when on nothing is expected any more.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>On chain, the confirmations that make what is asked for final; null on other rails.</summary>
    public int? Confirmations { get; init; }

    /// <summary>On the card rail, the last four digits.</summary>
    public string? CardLastFour { get; init; }

    /// <summary>The saved payment method that was used; null where none was.</summary>
    public string? PaymentMethodId { get; init; }

    /// <summary>Where the shopper wants money back, as the shopper wrote it.</summary>
    public string? RefundDestination { get; init; }

    /// <summary>The card's bank wants to see its holder before it answers: nothing was authorised yet.</summary>
    public bool AwaitsPayer { get; init; }

    /// <summary>Where the payer goes after that; null where nobody said.</summary>
    public string? ReturnUrl { get; init; }

    /// <summary>Why it failed, in Stripe's words ("card_declined").</summary>
    public string? FailureCode { get; init; }

    /// <summary>The card processor's word ("insufficient_funds").</summary>
    public string? DeclineCode { get; init; }

    /// <summary>What the risk gate answered before it was offered; null where none was asked.</summary>
    public RiskAssessment? Risk { get; init; }

    /// <summary>The risk gate put it above the normal level, and let it go on.</summary>
    [JsonIgnore]
    public bool IsElevated => Risk is { Verdict: not RiskVerdict.Allow };

    /// <summary>
    /// What an amount received is worth in the intent's currency: the whole asked for is worth exactly what it covers, less by the rate rounded
    /// down. More is worth no more: the rest is the shopper's.
    /// </summary>
    /// <param name="received">In <see cref="Asset"/>'s unit.</param>
    /// <param name="price">Where the rate no longer holds, the price of now.</param>
    public CurrencyAmount ValueOf(long received, BitcoinPrice? price = null)
    {
        if (price is null && received >= Due)
            return Covers;
        if (Quote is null)
            return Covers with { MinorUnits = Math.Min(received, Covers.MinorUnits) };
        var worth = (price ?? Quote.Price).FromBitcoin(new(received));
        return worth with { MinorUnits = Math.Min(worth.MinorUnits, Covers.MinorUnits) };
    }
}

namespace Tributary.Payments.Intents;

/// <summary>What a merchant chose for one payment where the server's own choice is not taken; null leaves the server's.</summary>
public sealed record PaymentTerms
{
    /// <summary>The whole amount, in hundredths of a percent.</summary>
    public const int ToleranceMax = 10_000;

    /// <summary>How long an offer and its rate hold; never longer than the intent.</summary>
    public TimeSpan? OfferLifetime { get; init; }

    /// <summary>How much more bitcoin than the source's price says, in hundredths of a percent.</summary>
    public int? SpreadBasisPoints { get; init; }

    /// <summary>On chain, so many confirmations at least; the rail's own rule may ask for more.</summary>
    public int? ConfirmationsMin { get; init; }

    /// <summary>How much may be missing and the payment is whole all the same, in hundredths of a percent of the amount; null or 0 for nothing.</summary>
    public int? ToleranceBasisPoints { get; init; }
}

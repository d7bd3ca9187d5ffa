using Tributary.Payments.Money;
using Tributary.Payments.Quotes;
using Tributary.Primitives.Bytes;

namespace Tributary.Payments.Rails;

/// <summary>What a rail is asked to make an offer for.</summary>
/// <param name="AttemptId">The attempt that it will be.</param>
/// <param name="Covers">The amount in the intent's currency; nothing where any amount may come.</param>
/// <param name="Quote">Its price in bitcoin, for rails that move bitcoin; of nothing where any amount may come.</param>
/// <param name="Description">What the shopper's wallet shows.</param>
/// <param name="ExpiresAt">From when on nothing is expected any more.</param>
/// <param name="IsHeld">Hold it for a capture.</param>
/// <param name="CardNumber">For the card rail: one of the published test numbers.</param>
public sealed record RailOfferRequest(
    string AttemptId, CurrencyAmount Covers, Quote? Quote, string? Description, DateTimeOffset ExpiresAt, bool IsHeld, string? CardNumber)
{
    /// <summary>On chain, so many confirmations at least.</summary>
    public int ConfirmationsMin { get; init; } = 1;

    /// <summary>The risk gate put the payment above the normal level: on chain it waits for more confirmations.</summary>
    public bool IsElevated { get; init; }

    /// <summary>Nobody is there who could be asked for more.</summary>
    public bool IsOffSession { get; init; }

    /// <summary>Ask the payer to prove who they are, on a rail that can.</summary>
    public bool MustAuthenticate { get; init; }

    /// <summary>In place of the description, for an invoice that commits to a text which the payer's wallet has already: the SHA-256 of it.</summary>
    public Bytes32? DescriptionHash { get; init; }
}

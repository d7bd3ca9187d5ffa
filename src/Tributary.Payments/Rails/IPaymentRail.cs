using System.Collections.Immutable;
using Tributary.Payments.Errors;
using Tributary.Payments.Intents;
using Tributary.Payments.Money;
using Tributary.Primitives.Results;

namespace Tributary.Payments.Rails;

/// <summary>A way for money to come in. The core knows rails by nothing but this.</summary>
public interface IPaymentRail
{
    RailKind Kind { get; }

    /// <summary>Can a payment be held until the merchant captures it?</summary>
    bool CanHold { get; }

    /// <summary>Can the payer be asked to prove who they are, as a card's bank does?</summary>
    bool CanAuthenticate => false;

    /// <summary>What the rail answers now that the payer of an attempt that waited for it has proved who they are. Repeated, the same.</summary>
    ImmutableArray<RailReport> Authenticated(PaymentAttempt attempt, bool isHeld) => [];

    /// <summary>What the rail refuses whatever the circumstances: a currency it does not move, a card it does not take.</summary>
    PaymentError? Check(CurrencyAmount amount, string? cardNumber);

    /// <summary>
    /// Makes something that a shopper can pay with: an invoice, an address, an authorisation. It is called before anything is stored, so an offer
    /// that nobody comes to know must be harmless.
    /// </summary>
    ValueTask<Result<RailOffer, PaymentError>> OfferAsync(RailOfferRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Carries a command out, at least once: the same command again gives the same reports. An exception means that nobody knows; it is tried
    /// again until the rail answers.
    /// </summary>
    ValueTask<ImmutableArray<RailReport>> ExecuteAsync(RailCommand command, PaymentAttempt attempt, CancellationToken cancellationToken);

    /// <summary>
    /// What happened on the rail after a position, in order and at least once; waits for more. Positions grow, and what lies behind one that was
    /// handed back may be forgotten.
    /// </summary>
    /// <param name="after">The last position that was applied; 0 for the beginning.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    IAsyncEnumerable<RailEvent> FollowAsync(long after, CancellationToken cancellationToken);
}

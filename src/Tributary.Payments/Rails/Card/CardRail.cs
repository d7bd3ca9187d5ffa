using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Tributary.Payments.Errors;
using Tributary.Payments.Intents;
using Tributary.Payments.Ledger;
using Tributary.Payments.Money;
using Tributary.Primitives.Results;

namespace Tributary.Payments.Rails.Card;

/// <summary>
/// A card rail that behaves as a processor does for its published test numbers: it authorises, captures, declines. It moves no money and takes
/// no real card. What it answers follows from the attempt alone, so a call that is repeated gives the same answer.
/// </summary>
public sealed class CardRail(TimeProvider time) : IPaymentRail, IOutgoingRail
{
    // Card networks let an authorisation lapse after a week.
    private static readonly TimeSpan s_authorisation = TimeSpan.FromDays(7);

    // What takes a bank days takes a test seconds.
    private static readonly TimeSpan s_bank = TimeSpan.FromSeconds(3);

    public RailKind Kind => RailKind.Card;

    public bool CanHold => true;

    public bool CanAuthenticate => true;

    public ImmutableArray<RailReport> Authenticated(PaymentAttempt attempt, bool isHeld) =>
        TestCard.FindByLastFour(attempt.CardLastFour) is { } card ? Answer(card, attempt.Reference, attempt.Due, isHeld) : [];

    public PaymentError? Check(CurrencyAmount amount, string? cardNumber)
    {
        if (amount.Currency.IsBitcoin)
            return PaymentError.Invalid("payment_method_not_available", "currency", "Cards pay in a national currency, not in bitcoin.");
        return TestCard.Find(cardNumber) is not null ? null : PaymentError.Invalid(
            "card_number_not_accepted",
            "payment_method_data[card][number]",
            "Only the published test card numbers are accepted here, for example 4242 4242 4242 4242. Never send the number of a real card.");
    }

    public ValueTask<Result<RailOffer, PaymentError>> OfferAsync(RailOfferRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Offer(request));

    public ValueTask<ImmutableArray<RailReport>> ExecuteAsync(RailCommand command, PaymentAttempt attempt, CancellationToken cancellationToken)
    {
        ImmutableArray<RailReport> reports = command switch
        {
            RailCommand.Settle => [Money(attempt.Reference, ReceiptStatus.Settled, attempt.Due, null), .. DisputeOf(TestCard.FindByLastFour(attempt.CardLastFour), attempt.Reference)],
            RailCommand.Release => [Money(attempt.Reference, ReceiptStatus.Released, attempt.Due, null)],
            _ => [],
        };
        return ValueTask.FromResult(reports);
    }

    public async IAsyncEnumerable<RailEvent> FollowAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Everything is answered within the call that causes it.
        await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
        yield break;
    }

    public Result<OutgoingDestination, PaymentError> Read(string? destination, long amount) => destination is null
        ? new OutgoingDestination("", null, null, 0)
        : PaymentError.Invalid("parameter_invalid", "destination", "A card payment goes back to its card: it takes no destination.");

    public ValueTask<OutgoingReport> SendAsync(OutgoingTransfer transfer, CancellationToken cancellationToken)
    {
        var card = TestCard.FindByLastFour(transfer.Origin?.CardLastFour);
        var reference = "card_" + transfer.Id;
        var isLater = time.GetUtcNow() >= transfer.CreatedAt + s_bank;
        if (transfer.Origin is null)
            return ValueTask.FromResult<OutgoingReport>(new OutgoingReport.Sent(reference, null, 0));
        OutgoingReport report = card?.Refunds switch
        {
            null => new OutgoingReport.Failed("card_not_found", "There is no card payment that this could go back to."),
            TestCardRefunds.SucceedLater when !isLater => new OutgoingReport.Pending(reference),
            TestCardRefunds.ComeBack when isLater => new OutgoingReport.Failed("expired_or_canceled_card", "The shopper's bank sent the refund back."),
            TestCardRefunds.ComeBack => new OutgoingReport.Sent(reference, null, 0) { AskAgainAt = transfer.CreatedAt + s_bank },
            _ => new OutgoingReport.Sent(reference, null, 0),
        };
        return ValueTask.FromResult(report);
    }

    private Result<RailOffer, PaymentError> Offer(RailOfferRequest request)
    {
        if (Check(request.Covers, request.CardNumber) is { } error)
            return error;
        var card = TestCard.Find(request.CardNumber)!;
        var reference = "card_" + request.AttemptId;
        var asset = Asset.Of(request.Covers.Currency);
        var due = request.Covers.MinorUnits;
        if (card.NeedsAuthentication && request.IsOffSession)
        {
            var refused = new RailReport.Refused(reference, "authentication_required", "authentication_required", "Your card was declined. This transaction requires authentication.");
            return new RailOffer(reference, null, asset, due, [refused]) { CardLastFour = card.LastFour };
        }

        var awaits = card.NeedsAuthentication || request.MustAuthenticate;
        return new RailOffer(reference, null, asset, due, awaits ? [] : Answer(card, reference, due, request.IsHeld)) { CardLastFour = card.LastFour, AwaitsPayer = awaits };
    }

    private ImmutableArray<RailReport> Answer(TestCard card, string reference, long due, bool isHeld)
    {
        if (card.Code is { } code)
            return [new RailReport.Refused(reference, code, card.DeclineCode, card.Message!)];
        var money = Money(reference, isHeld ? ReceiptStatus.Held : ReceiptStatus.Settled, due, isHeld ? time.GetUtcNow() + s_authorisation : null);
        return isHeld ? [money] : [money, .. DisputeOf(card, reference)];
    }

    // Stripe's cards for disputes are disputed as soon as they are charged.
    private static ImmutableArray<RailReport> DisputeOf(TestCard? card, string reference) =>
        card?.DisputeReason is { } reason ? [new RailReport.Disputed(reference, reference, "dp_" + reference["card_att_".Length..], reason)] : [];

    private static RailReport.Money Money(string reference, ReceiptStatus status, long amount, DateTimeOffset? captureBefore) =>
        new(reference, reference, status, amount, captureBefore);
}

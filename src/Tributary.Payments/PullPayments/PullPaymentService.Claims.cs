using Tributary.Payments.Errors;
using Tributary.Payments.Intents;
using Tributary.Payments.Money;
using Tributary.Payments.Payouts;
using Tributary.Payments.Quotes;
using Tributary.Payments.Refunds;
using Tributary.Payments.Risk;
using Tributary.Primitives.Results;
using Tributary.Storage.Relational;

namespace Tributary.Payments.PullPayments;

/// <content>Claims: made by whoever knows a pull payment, or by the merchant as a payout of the store; agreed to, cancelled, paid by other means.</content>
public sealed partial class PullPaymentService
{
    /// <summary>Claims money. What needs nobody's agreement is ordered at once and sent by the work in the background.</summary>
    public async Task<Result<ClaimView, PaymentError>> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken)
    {
        if (!ClaimDestination.Read(request.Destination, request.Rail, network).TryGet(out var destination, out var unreadable))
            return unreadable;
        var drafted = await database.ReadAsync((transaction, token) => DraftAsync(transaction, request, destination, token), cancellationToken);
        if (!drafted.TryGet(out var draft, out var error))
            return error;

        // Judged before anything is decided; a person who has to agree to the claim anyway is asked with what the gate says then.
        var risk = await AssessAsync(draft.Claim, draft.Pull, cancellationToken);
        return await database.WriteAsync<Result<ClaimView, PaymentError>>(
            async (transaction, token) =>
            {
                if (!(await DraftAsync(transaction, request, destination, token)).TryGet(out var current, out var refused))
                    return refused;
                var claim = current.Claim with { Id = draft.Claim.Id };
                if (!current.IsAgreedTo)
                {
                    await PullPaymentStore.WriteAsync(transaction, claim, token);
                    return new ClaimView(claim, null, null);
                }

                return await OrderAsync(transaction, claim, current.Pull, claim.Version, risk, price: null, token);
            },
            cancellationToken);
    }

    /// <summary>A claim by its name; null where there is none.</summary>
    public async Task<ClaimView?> FindClaimAsync(string claimId, CancellationToken cancellationToken) =>
        await database.ReadAsync((transaction, token) => PullPaymentStore.FindClaimAsync(transaction, claimId, token), cancellationToken);

    /// <summary>Claims of a store, the newest first.</summary>
    public async Task<List<ClaimView>> ListClaimsAsync(string storeId, bool isLive, int limit, CancellationToken cancellationToken) =>
        await database.ReadAsync((transaction, token) => PullPaymentStore.ListClaimsAsync(transaction, storeId, isLive, limit, token), cancellationToken);

    /// <summary>Agrees to a claim. Above the store's limit somebody other than who stands behind it has to.</summary>
    /// <param name="claimId">The claim.</param>
    /// <param name="revision">What was looked at.</param>
    /// <param name="price">The rate to pay at; null for the one of now.</param>
    /// <param name="actor">Who agrees.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Result<ClaimView, PaymentError>> ApproveAsync(string claimId, long revision, BitcoinPrice? price, string actor, CancellationToken cancellationToken)
    {
        if (await FindClaimAsync(claimId, cancellationToken) is not { } seen)
            return PaymentError.Missing("payout", claimId);
        if (seen.Claim.Status == ClaimStatus.Ordered && seen.Payout is { Status: PayoutStatus.AwaitingApproval } waiting)
        {
            // Agreed to as a claim; as a payout it is above the limit.
            if (revision != seen.Claim.Revision)
                return OldRevision;
            return (await payouts.ApproveAsync(waiting.StoreId, waiting.IsLive, waiting.Id, actor, null, cancellationToken)).Then<ClaimView>(paid => seen with { Payout = paid });
        }

        var risk = await AssessAsync(seen.Claim, seen.Claim.PullPaymentId is null ? null : (await FindAsync(seen.Claim.PullPaymentId, cancellationToken))?.PullPayment, cancellationToken);
        return await database.WriteAsync<Result<ClaimView, PaymentError>>(
            async (transaction, token) =>
            {
                var view = (await PullPaymentStore.FindClaimAsync(transaction, claimId, token))!;
                if (view.State != ClaimState.AwaitingApproval || view.Claim.Status != ClaimStatus.AwaitingApproval)
                    return InvalidState(view);
                if (revision != view.Claim.Revision)
                    return OldRevision;
                var pull = view.Claim.PullPaymentId is null ? null : await PullPaymentStore.FindAsync(transaction, view.Claim.PullPaymentId, token);
                return await OrderAsync(transaction, view.Claim with { ApprovedBy = actor }, pull, view.Claim.Version + 1, risk, price, token);
            },
            cancellationToken);
    }

    /// <summary>Takes a claim back that no rail has heard of.</summary>
    public async Task<Result<ClaimView, PaymentError>> CancelClaimAsync(string claimId, CancellationToken cancellationToken) => await database.WriteAsync(
        async (transaction, token) => await PullPaymentStore.FindClaimAsync(transaction, claimId, token) is { } view
            ? await CancelAsync(transaction, view, token)
            : PaymentError.Missing("payout", claimId),
        cancellationToken);

    /// <summary>
    /// Notes that the merchant has paid a claim by other means. What was ordered is taken back in the same transaction, and where a rail has heard of it
    /// already, nothing is noted: it would be paid twice.
    /// </summary>
    /// <param name="claimId">The claim.</param>
    /// <param name="proof">JSON of the merchant's; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Result<ClaimView, PaymentError>> MarkPaidAsync(string claimId, string? proof, CancellationToken cancellationToken) => await database.WriteAsync<Result<ClaimView, PaymentError>>(
        async (transaction, token) =>
        {
            if (await PullPaymentStore.FindClaimAsync(transaction, claimId, token) is not { } view)
                return PaymentError.Missing("payout", claimId);
            if (view is not { State: ClaimState.AwaitingPayment, Payout: { } payout } || !(await payouts.CancelAsync(transaction, payout, token)).TryGet(out var withdrawn))
                return InvalidState(view);
            var paid = view.Claim with { Status = ClaimStatus.PaidOutside, OutsideProof = proof, Version = view.Claim.Version + 1 };
            await PullPaymentStore.WriteAsync(transaction, paid, token);
            return new ClaimView(paid, withdrawn, null);
        },
        cancellationToken);

    private static PaymentError OldRevision { get; } = PaymentError.UnexpectedState("old_revision", "This payout has changed since you looked at it: look again.");

    private static PaymentError InvalidState(ClaimView view) => PaymentError.UnexpectedState("invalid_state", $"The payout's state, {view.State}, does not allow this.");

    private async ValueTask<Result<ClaimView, PaymentError>> CancelAsync(ISqlTransaction transaction, ClaimView view, CancellationToken cancellationToken)
    {
        if (view.Claim.Status == ClaimStatus.AwaitingApproval)
        {
            var cancelled = view.Claim with { Status = ClaimStatus.Cancelled, Version = view.Claim.Version + 1 };
            await PullPaymentStore.WriteAsync(transaction, cancelled, cancellationToken);
            return view with { Claim = cancelled };
        }

        if (view is not { State: ClaimState.AwaitingPayment or ClaimState.AwaitingApproval, Payout: { } payout })
            return InvalidState(view);
        return (await payouts.CancelAsync(transaction, payout, cancellationToken)).TryGet(out var withdrawn) ? view with { Payout = withdrawn } : InvalidState(view);
    }

    private readonly record struct Draft(PayoutClaim Claim, PullPayment? Pull, bool IsAgreedTo);

    // The claim as it would be now; what does not fit is refused.
    private async ValueTask<Result<Draft, PaymentError>> DraftAsync(ISqlTransaction transaction, ClaimRequest request, ClaimDestination destination, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        PullPaymentView? pull = null;
        if (request.PullPaymentId is { } id)
        {
            if (await PullPaymentStore.FindAsync(transaction, id, cancellationToken) is not { } found || (request.StoreId is not null && !string.Equals(found.StoreId, request.StoreId, StringComparison.Ordinal)))
                return PaymentError.Missing("pull payment", id);
            pull = await ViewAsync(transaction, found, cancellationToken);
            if (CheckOpen(pull, destination, now) is { } closed)
                return closed;
        }

        if (!AmountOf(request, destination, pull).TryGet(out var amount, out var wrong))
            return wrong;
        if (pull is not null && CheckLimit(pull, amount) is { } over)
            return over;
        var storeId = pull?.PullPayment.StoreId ?? request.StoreId ?? throw new ArgumentException("A claim is of a pull payment or of a store.", nameof(request));
        if ((await PullPaymentStore.ToAsync(transaction, storeId, destination.Text, cancellationToken)).Exists(static view => view.State is not (ClaimState.Cancelled or ClaimState.Completed)))
            return PaymentError.UnexpectedState("duplicate_destination", "Money is on its way to this destination already: use a fresh one.");

        // A refund above the limit waits for a second person, whoever claims it.
        var isAgreedTo = (request.IsApproved || pull is { PullPayment.ApprovesClaims: true }) && pull?.Refund is not { Status: RefundStatus.AwaitingApproval };
        if (!isAgreedTo && pull is not null && destination.ExpiresAt is { } ends && ends < now + pull.PullPayment.InvoiceLifetimeMin)
        {
            return PaymentError.Invalid(
                "destination_expired", "destination", $"The shop has to agree first: an invoice has to hold for {pull.PullPayment.InvoiceLifetimeMin.TotalDays:0} days. Name an address instead.");
        }

        var claim = new PayoutClaim
        {
            Id = ids.Next("claim"),
            StoreId = storeId,
            IsLive = pull?.PullPayment.IsLive ?? request.IsLive,
            PullPaymentId = pull?.PullPayment.Id,
            Amount = amount,
            Bitcoin = amount.Currency.IsBitcoin ? amount.ToMilliSatoshis().Value : null,
            Rail = destination.Rail,
            Destination = destination.Text,
            Status = ClaimStatus.AwaitingApproval,
            CreatedBy = request.Actor ?? pull?.PullPayment.CreatedBy ?? throw new ArgumentException("Somebody stands behind a payout.", nameof(request)),
            Metadata = request.Metadata,
            CreatedAt = now,
            Version = 1,
        };
        return new Draft(claim, pull?.PullPayment, isAgreedTo);
    }

    private static PaymentError? CheckOpen(PullPaymentView pull, ClaimDestination destination, DateTimeOffset now)
    {
        var terms = pull.PullPayment;
        if (terms.IsArchived)
            return PaymentError.UnexpectedState("archived", "This pull payment is over.");
        if (now < terms.StartsAt)
            return PaymentError.UnexpectedState("not_started", $"This pull payment starts at {terms.StartsAt:u}.");
        if (now >= terms.ExpiresAt)
            return PaymentError.UnexpectedState("expired", "This pull payment has ended.");
        return terms.Rails.Contains(destination.Rail)
            ? null
            : PaymentError.UnexpectedState("payment_method_not_supported", $"This pull payment is not claimed by {(destination.Rail == RailKind.Lightning ? "Lightning" : "an address")}.");
    }

    private static PaymentError? CheckLimit(PullPaymentView pull, CurrencyAmount amount)
    {
        if (amount.MinorUnits > pull.Left.MinorUnits)
            return PaymentError.UnexpectedState("overdraft", pull.Left.MinorUnits == 0 ? "All of this pull payment has been claimed." : $"Of this pull payment {pull.Left} can be claimed.");
        return pull.Refund is not null && amount != pull.PullPayment.Amount
            ? PaymentError.UnexpectedState("amount_not_whole", $"This is one refund, and is claimed whole: {pull.PullPayment.Amount}.")
            : null;
    }

    // What is claimed, in the currency of what it is claimed of.
    private static Result<CurrencyAmount, PaymentError> AmountOf(ClaimRequest request, ClaimDestination destination, PullPaymentView? pull)
    {
        var currency = pull?.PullPayment.Amount.Currency ?? Currency.Bitcoin;
        if (request.Amount is { } given && given.Currency != currency && pull is not null)
            return PaymentError.Invalid("parameter_invalid", "amount", $"This is claimed in {currency.Code.ToUpperInvariant()}.");
        if (destination.Amount is not { } named)
        {
            return (request.Amount ?? pull?.Left) is { MinorUnits: > 0 } amount
                ? amount
                : pull is null
                    ? PaymentError.Invalid("parameter_missing", "amount", "Say how much.")
                    : PaymentError.UnexpectedState("overdraft", "All of this pull payment has been claimed.");
        }

        if (named.Value % MilliSatoshisPerSatoshi != 0 || named.Value < 1)
            return PaymentError.Invalid("parameter_invalid", "destination", "An invoice for whole satoshis is needed.");
        if (!currency.IsBitcoin || request.Amount is { Currency.IsBitcoin: false })
            return PaymentError.Invalid("parameter_invalid", "destination", $"This is counted in {currency.Code.ToUpperInvariant()}: use an invoice without an amount, or a Bitcoin address.");
        var satoshis = new CurrencyAmount(named.Value / MilliSatoshisPerSatoshi, Currency.Bitcoin);
        return request.Amount is { } asked && asked != satoshis
            ? PaymentError.Invalid("parameter_invalid", "amount", $"The destination names {satoshis}, and {asked} was asked for.")
            : satoshis;
    }

    // What carries the claim out is decided and stored with it, or the claim stays as it was.
    private async ValueTask<Result<ClaimView, PaymentError>> OrderAsync(
        ISqlTransaction transaction, PayoutClaim claim, PullPayment? pull, long version, RiskAssessment? risk, BitcoinPrice? price, CancellationToken cancellationToken)
    {
        var ordered = claim with { Status = ClaimStatus.Ordered, Version = version };
        if (pull?.IntentId is not null)
        {
            var refunded = pull.RefundId is null
                ? await refunds.OpenAsync(transaction, RefundOf(claim, pull), risk, cancellationToken)
                : await ClaimRefundAsync(transaction, claim, pull, cancellationToken);
            if (!refunded.TryGet(out var view, out var refused))
                return Named(refused);
            ordered = ordered with { RefundId = view.Refund.Id, TransferId = view.Refund.LastTransfer!.Id, Bitcoin = view.Refund.Gross };
            await PullPaymentStore.WriteAsync(transaction, ordered, cancellationToken);
            return new ClaimView(ordered, null, view.Refund.LastTransfer);
        }

        if (!BitcoinOf(claim, price).TryGet(out var bitcoin, out var unpriced))
            return unpriced;
        if (!(await payouts.DecideAsync(transaction, PayoutOf(claim, bitcoin), risk, cancellationToken)).TryGet(out var payout, out var error))
            return Named(error);
        ordered = ordered with { PayoutId = payout.Id, Bitcoin = payout.Gross };
        await PullPaymentStore.WriteAsync(transaction, ordered, cancellationToken);
        return new ClaimView(ordered, payout, null);
    }

    private async ValueTask<Result<RefundView, PaymentError>> ClaimRefundAsync(ISqlTransaction transaction, PayoutClaim claim, PullPayment pull, CancellationToken cancellationToken)
    {
        var view = await RefundOfAsync(transaction, pull, cancellationToken) ?? throw new InvalidOperationException($"Refund {pull.RefundId} is gone.");
        if (view.Refund.Status == RefundStatus.AwaitingApproval)
        {
            if (!(await refunds.ApproveAsync(transaction, view, claim.ApprovedBy ?? claim.CreatedBy, cancellationToken)).TryGet(out view, out var refused))
                return refused;
        }

        return await refunds.ClaimAsync(transaction, view, claim.Destination, cancellationToken);
    }

    private Result<CurrencyAmount, PaymentError> BitcoinOf(PayoutClaim claim, BitcoinPrice? price)
    {
        if (claim.Amount.Currency.IsBitcoin)
            return claim.Amount;
        if ((price ?? quoter.PriceNow(claim.Amount.Currency, 0)) is not { } rate || rate.Currency != claim.Amount.Currency)
            return PaymentError.UnexpectedState("rate_unavailable", $"There is no current price of bitcoin in {claim.Amount.Currency.Code.ToUpperInvariant()}: name a rate, or agree later.");
        return new CurrencyAmount(rate.ToBitcoin(claim.Amount).Value / MilliSatoshisPerSatoshi, Currency.Bitcoin);
    }

    private async ValueTask<RiskAssessment?> AssessAsync(PayoutClaim claim, PullPayment? pull, CancellationToken cancellationToken)
    {
        if (pull?.RefundId is not null)
            return null;
        if (pull?.IntentId is not null)
            return await refunds.AssessAsync(RefundOf(claim, pull), cancellationToken);
        return BitcoinOf(claim, null).TryGet(out var bitcoin, out _) ? await payouts.AssessAsync(PayoutOf(claim, bitcoin), cancellationToken) : null;
    }

    private static PayoutRequest PayoutOf(PayoutClaim claim, CurrencyAmount bitcoin) => new()
    {
        StoreId = claim.StoreId,
        IsLive = claim.IsLive,
        Amount = bitcoin,
        Destination = claim.Destination,
        Actor = claim.CreatedBy,
        ApprovedBy = claim.ApprovedBy,
    };

    private static RefundRequest RefundOf(PayoutClaim claim, PullPayment pull) => new()
    {
        StoreId = claim.StoreId,
        IsLive = claim.IsLive,
        IntentId = pull.IntentId!,
        Amount = claim.Amount.MinorUnits,
        Rate = RefundRateKind.Current,
        Reason = RefundReason.RequestedByCustomer,
        Destination = claim.Destination,
        IsBitcoinOnly = true,
        Actor = claim.CreatedBy,
        ApprovedBy = claim.ApprovedBy ?? claim.CreatedBy,
    };

    // An invoice that was used before is the same news in other words.
    private static PaymentError Named(PaymentError error) => error.Code is "destination_used" ? error with { Code = "duplicate_destination" } : error;
}

using Tributary.Payments.Errors;
using Tributary.Payments.Idempotency;
using Tributary.Payments.Intents;
using Tributary.Payments.Ledger;
using Tributary.Payments.Rails;
using Tributary.Payments.Risk;
using Tributary.Payments.Storage;
using Tributary.Primitives.Results;

namespace Tributary.Payments;

/// <content>
/// The risk gate: asked before a rail is, its answer stored with the attempt. What a verdict does on each rail stands in docs/payments-risk.md.
/// </content>
public sealed partial class PaymentService
{
    private readonly ReviewBook _reviews = new(ids, time);

    /// <summary>
    /// Lets a reviewed payment pass: what was held for the review is taken. A review that is closed stays as it is.
    /// </summary>
    /// <param name="storeId">The store that asks.</param>
    /// <param name="isLive">Its mode.</param>
    /// <param name="reviewId">The review.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Result<Review, PaymentError>> ApproveReviewAsync(string storeId, bool isLive, string reviewId, CancellationToken cancellationToken) =>
        await ToldAsync(database.WriteAsync<Result<Review, PaymentError>>(
            async (transaction, token) =>
            {
                var review = await ReviewStore.FindAsync(transaction, reviewId, token);
                if (review is null || review.IsLive != isLive || !string.Equals(review.StoreId, storeId, StringComparison.Ordinal))
                    return PaymentError.Missing("review", reviewId);
                if (!review.IsOpen)
                    return PaymentError.UnexpectedState("review_closed", "This review is closed already.");
                var file = await PaymentStore.FindAsync(transaction, review.IntentId, token) ?? throw new InvalidOperationException($"{review.IntentId} is gone.");
                await _reviews.CloseAsync(transaction, review, file, ReviewClosing.Approved, token);
                if (review.IsHeld && file.Intent.Status == IntentStatus.RequiresCapture)
                    await ApplyAsync(transaction, file, new IntentInput.Capture(null), token);
                return (await ReviewStore.FindAsync(transaction, reviewId, token))!;
            },
            cancellationToken));

    // What a step-up asks for, the merchant may have had already; a rail that can ask for it does, where the payer can be sent there and back.
    private static bool IsRefused(RiskAssessment? risk, ConfirmRequest request, IPaymentRail rail) => risk?.Verdict switch
    {
        RiskVerdict.Block => true,
        RiskVerdict.StepUp => !request.Clues.IsAuthenticated && (!rail.CanAuthenticate || request.ReturnUrl is null || request.IsOffSession),
        _ => false,
    };

    /// <summary>
    /// The payer of an attempt that waited for it has proved who they are, or has not: the rail authorises, or the attempt fails. An attempt that is
    /// over takes no answer.
    /// </summary>
    public async Task<Result<PaymentFile, PaymentError>> AuthenticateAsync(string intentId, bool isAuthentic, CancellationToken cancellationToken) =>
        await ToldAsync(database.WriteAsync<Result<PaymentFile, PaymentError>>(
            async (transaction, token) =>
            {
                if (await PaymentStore.FindAsync(transaction, intentId, token) is not { } file)
                    return PaymentError.Missing("payment_intent", intentId);
                if (file.AwaitingPayer is not { } attempt || attempt.ExpiresAt <= time.GetUtcNow())
                    return PaymentError.UnexpectedState("payment_intent_unexpected_state", "Nothing waits for the payer's authentication.");
                if (!isAuthentic)
                {
                    return await ApplyAsync(
                        transaction,
                        file,
                        new IntentInput.Fail(
                            attempt.Id, "payment_intent_authentication_failure", null, "The payer was not authenticated. Choose another payment method, or try again."),
                        token);
                }

                Result<PaymentFile, PaymentError> result = file;
                foreach (var report in RailOf(attempt.Rail)!.Authenticated(attempt, file.Intent.CaptureMethod == CaptureMethod.Manual))
                    result = await ApplyReportAsync(transaction, result.Value, attempt, report, token);
                return result;
            },
            cancellationToken));

    private async ValueTask<RiskAssessment?> AssessAsync(
        PaymentFile file, string attemptId, IPaymentRail rail, ConfirmRequest request, CancellationToken cancellationToken)
    {
        if (gate is null)
            return null;
        var intent = file.Intent;
        var risk = await gate.AssessAsync(
            new RiskQuestion
            {
                Point = RiskPoint.Confirm,
                StoreId = intent.StoreId,
                IsLive = intent.IsLive,
                SubjectId = attemptId,
                Amount = file.Rest,
                Rail = request.Rail,
                CustomerId = intent.CustomerId,
                Instrument = request.CardNumber,
                Clues = request.Clues,
                Metadata = intent.Metadata,
            },
            cancellationToken);
        return risk.Verdict == RiskVerdict.Review ? risk with { ReviewId = ids.Next("prv"), IsHeld = rail.CanHold } : risk;
    }

    // The rail is never asked. The attempt is stored as one that failed, so that the merchant sees what was tried and why it ended.
    private async Task<Result<PaymentFile, PaymentError>> RefuseAsync(
        PaymentFile file, string attemptId, RailKind rail, RiskAssessment risk, IdempotentEffect? effect, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var attempt = new PaymentAttempt
        {
            Id = attemptId,
            Rail = rail,
            Status = AttemptStatus.Open,
            Reference = "risk_" + attemptId,
            Covers = file.Rest,
            Asset = Asset.Of(file.Rest.Currency),
            Due = file.Rest.Currency.IsBitcoin ? file.Rest.ToMilliSatoshis().Value : file.Rest.MinorUnits,
            CreatedAt = now,
            ExpiresAt = now,
            Risk = risk,
        };
        var (code, decline, message) = Refusal(rail, risk);
        return await ToldAsync(database.WriteAsync(
            async (transaction, token) =>
            {
                var current = await PaymentStore.FindAsync(transaction, file.Intent.Id, token) ?? throw new InvalidOperationException($"{file.Intent.Id} is gone.");
                if (!current.IsOwed || current.Rest.MinorUnits < attempt.Covers.MinorUnits || current.Intent.CanceledAt is not null)
                    return PaymentError.UnexpectedState("payment_intent_unexpected_state", "Money has arrived in the meantime: look at the payment intent again.");
                var result = await ApplyAsync(transaction, current, new IntentInput.Offer(attempt), token);
                if (result.IsOk)
                    result = await ApplyAsync(transaction, result.Value, new IntentInput.Fail(attempt.Id, code, decline, message), token);
                if (effect is not null && result.IsOk)
                    await effect.WriteAsync(transaction, result.Value, token);
                return result;
            },
            cancellationToken));
    }

    // In Stripe's words, and the same for every reason.
    private static (string Code, string? DeclineCode, string Message) Refusal(RailKind rail, RiskAssessment risk) => (risk.Verdict, rail) switch
    {
        (RiskVerdict.StepUp, _) => ("authentication_required", "authentication_required", "This payment requires that the payer proves who they are."),
        (_, RailKind.Card) => ("card_declined", "fraudulent", "Your card was declined."),
        _ => ("payment_method_provider_decline", "fraudulent", "This payment was declined."),
    };
}

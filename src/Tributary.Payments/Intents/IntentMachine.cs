using Tributary.Payments.Errors;
using Tributary.Primitives.Results;

namespace Tributary.Payments.Intents;

/// <summary>
/// What becomes of an intent: a pure function of its file, an input and the time. The status follows from the money and the open attempts; the
/// table of <see cref="IntentTransitions"/> is checked on every step.
/// </summary>
public static partial class IntentMachine
{
    /// <summary>Decides on an input. An error changes nothing.</summary>
    public static Result<IntentChange, PaymentError> Handle(PaymentFile file, IntentInput input, DateTimeOffset now)
    {
        var draft = new IntentDraft(file, now);
        var (trigger, error) = input switch
        {
            IntentInput.Attach attach => (IntentTrigger.Attached, Attach(draft, attach)),
            IntentInput.Offer offer => (IntentTrigger.Offered, Offer(draft, offer)),
            IntentInput.Report report => Report(draft, report),
            IntentInput.Fail fail => (IntentTrigger.AttemptFailed, Fail(draft, fail)),
            IntentInput.Capture capture => (IntentTrigger.CaptureAsked, Capture(draft, capture)),
            IntentInput.Cancel cancel => (IntentTrigger.CancelAsked, Cancel(draft, cancel)),
            IntentInput.Update update => (IntentTrigger.Updated, Update(draft, update.Edit)),
            IntentInput.Tick => (IntentTrigger.TimePassed, Tick(draft)),
            _ => throw new ArgumentOutOfRangeException(nameof(input)),
        };
        if (error is not null)
            return error;
        return draft.Finish(trigger);
    }

    private static PaymentError? Attach(IntentDraft draft, IntentInput.Attach attach)
    {
        var intent = draft.Intent;
        if (intent.Status is not (IntentStatus.RequiresPaymentMethod or IntentStatus.RequiresConfirmation))
            return Unexpected(intent, "attach a payment method to");
        if (!intent.Rails.Contains(attach.Rail))
            return PaymentError.Invalid("payment_method_not_available", "payment_method_data[type]", $"This intent does not allow {attach.Rail}.");
        draft.Intent = intent with { AttachedRail = attach.Rail };
        return null;
    }

    private static PaymentError? Update(IntentDraft draft, IntentEdit edit)
    {
        var intent = draft.Intent;
        if (edit.Amount is { } amount && amount != intent.Amount.MinorUnits)
        {
            if (intent.IsTopUp)
                return PaymentError.Invalid("parameter_invalid", "amount", "This payment takes its amount from what comes.");
            if (intent.Status is not (IntentStatus.RequiresPaymentMethod or IntentStatus.RequiresConfirmation) || draft.Receipts.Count > 0)
                return Unexpected(intent, "change the amount of");
            if (amount < 1)
                return PaymentError.Invalid("parameter_invalid_integer", "amount", "The amount has to be at least one minor unit.");
            var largest = intent.Amount with { MinorUnits = Money.CurrencyAmount.LargestOf(intent.Amount.Currency) };
            if (amount > largest.MinorUnits)
                return PaymentError.Invalid("amount_too_large", "amount", $"The amount can be at most {largest}.");
            intent = intent with { Amount = intent.Amount with { MinorUnits = amount } };
        }

        var metadata = edit.Merge(intent.Metadata);
        if (PaymentChecks.Metadata(metadata) is { } error)
            return error;
        draft.Intent = intent with
        {
            Metadata = metadata,
            CustomerId = Changed(edit.CustomerId, intent.CustomerId),
            Description = Changed(edit.Description, intent.Description),
            ReceiptEmail = Changed(edit.ReceiptEmail, intent.ReceiptEmail),
            StatementDescriptor = Changed(edit.StatementDescriptor, intent.StatementDescriptor),
            Shipping = edit.Shipping ?? intent.Shipping,
        };
        return null;
    }

    private static string? Changed(string? edit, string? known) => edit is null ? known : edit.Length == 0 ? null : edit;

    private static PaymentError? Offer(IntentDraft draft, IntentInput.Offer offer)
    {
        var intent = draft.Intent;
        var attempt = offer.Attempt;
        if (intent.Status is not (IntentStatus.RequiresPaymentMethod or IntentStatus.RequiresConfirmation or IntentStatus.RequiresAction))
            return Unexpected(intent, "confirm");
        if (!intent.Rails.Contains(attempt.Rail))
            return PaymentError.Invalid("payment_method_not_available", "payment_method_data[type]", $"This intent does not allow {attempt.Rail}.");
        var asksForNothing = draft.Before.AwaitsAmount ? attempt.Due != 0 || attempt.Covers.MinorUnits != 0 : attempt.Due < 1 || attempt.Covers.MinorUnits < 1;
        if (attempt.Status != AttemptStatus.Open || asksForNothing || attempt.Covers.Currency != intent.Amount.Currency)
            throw new InvalidOperationException("An offer that asks for nothing, or for another currency.");
        if (attempt.Covers.MinorUnits > draft.Before.Rest.MinorUnits)
            throw new InvalidOperationException("An offer for more than is left to pay.");

        draft.Attempts.Add(attempt);
        draft.Intent = intent with
        {
            LatestAttemptId = attempt.Id,
            AttachedRail = null,
            LastError = null,
            ReviewId = attempt.Risk?.ReviewId ?? intent.ReviewId,

            // A person decides before the money is taken: from here on a hold waits for a capture.
            CaptureMethod = attempt.Risk is { IsHeld: true } ? CaptureMethod.Manual : intent.CaptureMethod,
        };
        return null;
    }

    private static PaymentError? Fail(IntentDraft draft, IntentInput.Fail fail)
    {
        var attempt = draft.Attempt(fail.AttemptId);
        if (attempt.Status != AttemptStatus.Open)
            return null;
        draft.Replace(attempt with { Status = AttemptStatus.Failed, FailureCode = fail.Code, DeclineCode = fail.DeclineCode });
        draft.Intent = draft.Intent with
        {
            LastError = new PaymentError(PaymentErrorKind.Declined, fail.Code, null, fail.Message) { DeclineCode = fail.DeclineCode },
        };
        draft.Events.Add(IntentEventKind.PaymentFailed);
        return null;
    }

    private static PaymentError? Capture(IntentDraft draft, IntentInput.Capture capture)
    {
        var intent = draft.Intent;
        if (intent.Status != IntentStatus.RequiresCapture)
            return Unexpected(intent, "capture");
        if (draft.Now >= intent.CaptureBefore)
            return PaymentError.UnexpectedState("capture_expired", "The time to capture this payment is over: what was held goes back to the shopper.");
        var amount = capture.Amount ?? intent.AmountCapturable;
        if (amount.Currency != intent.Amount.Currency || amount.MinorUnits < 1 || amount.MinorUnits > intent.AmountCapturable.MinorUnits)
            return PaymentError.Invalid("amount_too_large", "amount_to_capture", $"At least one minor unit and at most {intent.AmountCapturable} can be captured.");

        draft.Intent = intent with { CaptureAmount = amount + intent.AmountReceived };
        foreach (var receipt in draft.Receipts.Where(static receipt => receipt.Status == ReceiptStatus.Held))
            draft.Commands.Add(new RailCommand.Settle(receipt.AttemptId, receipt.Amount));
        return null;
    }

    private static PaymentError? Cancel(IntentDraft draft, IntentInput.Cancel cancel)
    {
        if (draft.Intent.Status is IntentStatus.Canceled)
            return Unexpected(draft.Intent, "cancel");
        if (draft.Intent.Status is IntentStatus.Succeeded or IntentStatus.Processing)
            return Unexpected(draft.Intent, "cancel");
        End(draft, cancel.Reason);
        return null;
    }

    private static PaymentError? Tick(IntentDraft draft)
    {
        foreach (var attempt in draft.Attempts.ToArray())
        {
            if (attempt.Status == AttemptStatus.Open && draft.Now >= attempt.ExpiresAt)
                draft.Replace(attempt with { Status = AttemptStatus.Expired });
        }

        var intent = draft.Intent;
        if (intent.Status == IntentStatus.RequiresCapture && draft.Now >= intent.CaptureBefore)
            End(draft, CancellationReason.Automatic);
        else if (intent.Status is IntentStatus.RequiresPaymentMethod or IntentStatus.RequiresConfirmation or IntentStatus.RequiresAction && draft.Now >= intent.ExpiresAt)
            End(draft, CancellationReason.Expired);
        return null;
    }

    // What is held goes back by the rail; what is settled or under way becomes the shopper's, since nobody will ship for it.
    private static void End(IntentDraft draft, CancellationReason reason)
    {
        draft.Intent = draft.Intent with { CanceledAt = draft.Now, CancellationReason = reason, AttachedRail = null };
        foreach (var attempt in draft.Attempts.ToArray())
        {
            if (attempt.Status != AttemptStatus.Open)
                continue;
            draft.Replace(attempt with { Status = AttemptStatus.Canceled });
            draft.Commands.Add(new RailCommand.Withdraw(attempt.Id));
        }

        foreach (var receipt in draft.Receipts.Where(static receipt => receipt.Status == ReceiptStatus.Held))
            draft.Commands.Add(new RailCommand.Release(receipt.AttemptId));
    }

    private static PaymentError Unexpected(PaymentIntent intent, string verb) => PaymentError.UnexpectedState(
        "payment_intent_unexpected_state", $"You cannot {verb} this payment intent because it has the status {IntentWords.Of(intent.Status)}.");
}

using Tributary.Payments.Errors;
using Tributary.Payments.Rails;
using Tributary.Primitives.Results;

namespace Tributary.Payments.Payouts;

/// <summary>What becomes of a payout: a pure function of it and an input.</summary>
public static class PayoutMachine
{
    /// <summary>Whoever asked has agreed, where somebody else has to.</summary>
    internal static PaymentError ApprovedByCreator { get; } =
        new(PaymentErrorKind.Forbidden, "approval_by_creator", null, "Whoever asked for a payout cannot approve it: somebody else has to.");

    /// <summary>Begins a payout, with the status that it was given.</summary>
    public static PayoutChange Open(Payout payout)
    {
        if (payout.Version != 0 || payout.Gross < 1 || payout.FeeMax < 0)
            throw new InvalidOperationException($"Payout {payout.Id} is no new one.");
        return Finish(null, payout, PayoutTrigger.Opened);
    }

    /// <summary>Decides on an input. An error changes nothing.</summary>
    public static Result<PayoutChange, PaymentError> Handle(Payout before, PayoutInput input)
    {
        switch (input)
        {
            case PayoutInput.Approve approve:
                if (before.Status != PayoutStatus.AwaitingApproval)
                    return Unexpected(before, "approve");
                return string.Equals(before.CreatedBy, approve.Actor, StringComparison.Ordinal)
                    ? ApprovedByCreator
                    : Finish(before, before with { Status = PayoutStatus.Pending, ApprovedBy = approve.Actor }, PayoutTrigger.Approved);
            case PayoutInput.Cancel cancel:
                return before.Status == PayoutStatus.AwaitingApproval || (before.Status == PayoutStatus.Pending && cancel.IsWithdrawn)
                    ? Finish(before, before with { Status = PayoutStatus.Canceled }, PayoutTrigger.CancelAsked)
                    : Unexpected(before, "cancel");
            case PayoutInput.Update update:
                return Finish(before, before with { Metadata = update.Metadata }, PayoutTrigger.Updated);
            case PayoutInput.Report report:
                return Report(before, report.Told);
            default:
                throw new ArgumentOutOfRangeException(nameof(input));
        }
    }

    private static PayoutChange Report(Payout before, OutgoingReport told)
    {
        switch (told)
        {
            case OutgoingReport.Sent or OutgoingReport.Pending when before.Status == PayoutStatus.Failed:
            case OutgoingReport.Sent sent when sent.Fee < 0 || sent.Fee > before.FeeMax:
                throw new InvalidOperationException($"The rail says of payout {before.Id} what it has ruled out before.");
            case OutgoingReport.Sent when before.Status == PayoutStatus.Paid:
            case OutgoingReport.Failed when before.Status == PayoutStatus.Failed:
            case OutgoingReport.Pending when before.Status == PayoutStatus.Paid:
                return new PayoutChange(before, null, null);
            case OutgoingReport.Sent sent:
                return Finish(before, before with { Status = PayoutStatus.Paid, Reference = sent.Reference, Proof = sent.Proof, Fee = sent.Fee }, PayoutTrigger.TransferSent);
            case OutgoingReport.Failed failed:
                return Finish(before, before with { Status = PayoutStatus.Failed, Fee = 0, FailureCode = failed.Code, FailureMessage = failed.Message }, PayoutTrigger.TransferFailed);
            case OutgoingReport.Pending pending:
                var after = before with { Status = PayoutStatus.InTransit, Reference = pending.Reference ?? before.Reference };
                return after == before ? new PayoutChange(before, null, null) : Finish(before, after, PayoutTrigger.TransferPending);
            default:
                throw new ArgumentOutOfRangeException(nameof(told));
        }
    }

    private static PayoutChange Finish(Payout? before, Payout after, PayoutTrigger trigger)
    {
        if (!PayoutTransitions.Allows(before?.Status, trigger, after.Status))
            throw new InvalidOperationException($"Payout {after.Id}: {trigger} leads from {before?.Status} to {after.Status}, which the transition table does not know.");
        after = after with { Version = after.Version + 1 };
        return new PayoutChange(after, PayoutBalances.Difference(before, after, "payout_" + PayoutWords.Of(trigger)), PayoutWords.EventOf(before?.Status, after.Status));
    }

    private static PaymentError Unexpected(Payout payout, string verb) => PaymentError.UnexpectedState(
        "payout_unexpected_state", $"You cannot {verb} this payout because it has the status {PayoutWords.NameOf(payout.Status)}{(payout.Status == PayoutStatus.Pending ? " and its rail has it" : "")}.");
}

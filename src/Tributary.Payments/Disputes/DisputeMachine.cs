using System.Collections.Immutable;
using Tributary.Payments.Errors;
using Tributary.Payments.Intents;
using Tributary.Primitives.Results;

namespace Tributary.Payments.Disputes;

/// <summary>What becomes of a dispute: a pure function of the payment's file, an input and the time.</summary>
public static class DisputeMachine
{
    /// <summary>How long a merchant has to answer.</summary>
    public static readonly TimeSpan AnswerTime = TimeSpan.FromDays(9);

    /// <summary>Decides on an input. An error changes nothing.</summary>
    public static Result<DisputeChange, PaymentError> Handle(PaymentFile file, DisputeInput input, DateTimeOffset now)
    {
        var before = file.FindDispute(input.DisputeId);
        if (input is DisputeInput.Open open)
            return before is null ? Open(file, open, now) : new DisputeChange(file, before, [], []);
        if (before is null)
            return PaymentError.Missing("dispute", input.DisputeId);
        var isOpen = before.Status is DisputeStatus.NeedsResponse or DisputeStatus.UnderReview;
        switch (input)
        {
            case DisputeInput.Answer when before.Status != DisputeStatus.NeedsResponse:
                return Unexpected(before, "answer");
            case DisputeInput.Answer answer:
                var answered = before with { Evidence = answer.Evidence, Metadata = answer.Metadata };
                return Finish(file, before, answer.IsSubmitted ? answered with { Status = DisputeStatus.UnderReview, SubmittedAt = now } : answered);
            case DisputeInput.Close:
                return before.Status == DisputeStatus.NeedsResponse ? Finish(file, before, before with { Status = DisputeStatus.Lost }) : Unexpected(before, "close");
            case DisputeInput.Decide decide:
                return isOpen ? Finish(file, before, before with { Status = decide.IsWon ? DisputeStatus.Won : DisputeStatus.Lost }) : new DisputeChange(file, before, [], []);
            case DisputeInput.Expire:
                return before.Status == DisputeStatus.NeedsResponse && now >= before.DueBy
                    ? Finish(file, before, before with { Status = DisputeStatus.Lost })
                    : new DisputeChange(file, before, [], []);
            default:
                throw new ArgumentOutOfRangeException(nameof(input));
        }
    }

    // The bank takes what of the payment is still there: what went back as a refund is not taken twice.
    private static Result<DisputeChange, PaymentError> Open(PaymentFile file, DisputeInput.Open open, DateTimeOffset now)
    {
        var room = Refunds.RefundRoom.Of(file).Find(room => string.Equals(room.Receipt.Reference, open.Receipt, StringComparison.Ordinal));
        if (room.Attempt is null || room.Credited < 1 || room.Attempt.Rail != RailKind.Card)
            return PaymentError.UnexpectedState("charge_not_disputable", "There is no card payment that could be taken back.");
        var dispute = new Dispute
        {
            Id = open.DisputeId,
            Receipt = open.Receipt,
            Amount = file.Intent.Amount with { MinorUnits = room.Credited },
            Reason = open.Reason,
            Status = DisputeStatus.NeedsResponse,
            CreatedAt = now,
            DueBy = now + AnswerTime,
            Version = 0,
        };
        return Finish(file, null, dispute);
    }

    private static DisputeChange Finish(PaymentFile file, Dispute? before, Dispute after)
    {
        after = after with { Version = after.Version + 1 };
        var changed = file with
        {
            Disputes = before is null ? file.Disputes.Add(after) : file.Disputes.Replace(before, after),
            Receipts = [.. file.Receipts.Select(receipt => string.Equals(receipt.Reference, after.Receipt, StringComparison.Ordinal) ? receipt with { IsAllocationFinal = true } : receipt)],
            Intent = file.Intent with { Version = file.Intent.Version + 1 },
        };
        var ledger = FileBalances.Difference(file, changed, before is null ? "dispute_opened" : "dispute_" + DisputeWords.Of(after.Status), after.Id);
        ImmutableArray<DisputeEventKind> events = (before?.Status, after.Status) switch
        {
            (null, _) => [DisputeEventKind.Created, DisputeEventKind.FundsWithdrawn],
            (_, DisputeStatus.Won) => [DisputeEventKind.FundsReinstated, DisputeEventKind.Closed],
            (_, DisputeStatus.Lost) => [DisputeEventKind.Closed],
            _ => [DisputeEventKind.Updated],
        };
        return new DisputeChange(changed, after, ledger is null ? [] : [ledger], events);
    }

    private static PaymentError Unexpected(Dispute dispute, string verb) => PaymentError.UnexpectedState(
        "dispute_unexpected_state", $"You cannot {verb} this dispute because it has the status {DisputeWords.Of(dispute.Status)}.");
}

using System.Collections.Immutable;
using Tributary.Payments.Errors;
using Tributary.Payments.Intents;
using Tributary.Payments.Rails;
using Tributary.Primitives.Results;

namespace Tributary.Payments.Refunds;

/// <summary>
/// What becomes of a refund: a pure function of the payment's file, an input and the time. That no two refunds take the same money is checked
/// here on every step, whoever planned them.
/// </summary>
public static class RefundMachine
{
    /// <summary>The most refunds that one payment may have.</summary>
    public const int RefundsMax = 100;

    /// <summary>The most destinations that may be tried for one refund.</summary>
    public const int TransfersMax = 20;

    /// <summary>Whoever asked has agreed, where somebody else has to.</summary>
    internal static PaymentError ApprovedByCreator { get; } =
        new(PaymentErrorKind.Forbidden, "approval_by_creator", null, "Whoever asked for a refund cannot approve it: somebody else has to.");

    /// <summary>Decides on an input. An error changes nothing.</summary>
    public static Result<RefundChange, PaymentError> Handle(PaymentFile file, RefundInput input, DateTimeOffset now)
    {
        var before = file.FindRefund(input.RefundId);
        if (before is null && input is not RefundInput.Open)
            return PaymentError.Missing("refund", input.RefundId);
        var (trigger, handled) = input switch
        {
            RefundInput.Open open => (RefundTrigger.Opened, Open(file, before, open)),
            RefundInput.Approve approve => (RefundTrigger.Approved, Approve(before!, approve)),
            RefundInput.Claim claim => (RefundTrigger.Claimed, Claim(before!, claim, now)),
            RefundInput.Report report => (TriggerOf(report), Report(before!, report)),
            RefundInput.Cancel => (RefundTrigger.CancelAsked, Cancel(before!)),
            RefundInput.Expire => (RefundTrigger.TimePassed, Expire(before!, now)),
            RefundInput.Update update => (RefundTrigger.Updated, before! with { Metadata = update.Metadata }),
            _ => throw new ArgumentOutOfRangeException(nameof(input)),
        };
        if (!handled.TryGet(out var after, out var error))
            return error;
        if (before is not null && after == before)
            return new RefundChange(file, before, [], []) { IsNothing = true };
        return Finish(file, before, after, trigger);
    }

    private static Result<Refund, PaymentError> Open(PaymentFile file, Refund? before, RefundInput.Open open)
    {
        var refund = open.Refund;
        if (before is not null || !refund.Transfers.IsEmpty || refund.Gross < 1 || refund.Parts.Sum(static part => part.Amount) != refund.Gross)
            throw new InvalidOperationException($"Refund {refund.Id} is no new one.");
        if (file.Refunds.Length >= RefundsMax)
            return PaymentError.Invalid("limit_exceeded", null, $"A payment has at most {RefundsMax} refunds.");
        if (refund.Status == RefundStatus.AwaitingApproval)
            return open.Transfer is null ? refund : throw new InvalidOperationException("Nothing is sent before it is approved.");
        return Start(refund, open.Transfer);
    }

    private static Result<Refund, PaymentError> Approve(Refund before, RefundInput.Approve approve)
    {
        if (before.Status != RefundStatus.AwaitingApproval)
            return Unexpected(before, "approve");
        if (string.Equals(before.CreatedBy, approve.Actor, StringComparison.Ordinal))
            return ApprovedByCreator;
        return Start(before with { ApprovedBy = approve.Actor }, approve.Transfer);
    }

    private static Result<Refund, PaymentError> Claim(Refund before, RefundInput.Claim claim, DateTimeOffset now)
    {
        if (before.Status != RefundStatus.RequiresAction)
            return Unexpected(before, "claim");
        if (now >= before.ExpiresAt)
            return PaymentError.UnexpectedState("refund_expired", "The time to claim this refund is over: ask the shop for a new link.");
        if (before.Transfers.Length >= TransfersMax)
            return PaymentError.UnexpectedState("limit_exceeded", "Too many destinations have failed: ask the shop.");
        return Start(before, claim.Transfer);
    }

    private static Result<Refund, PaymentError> Report(Refund before, RefundInput.Report report)
    {
        var index = -1;
        for (var i = 0; i < before.Transfers.Length; i++)
        {
            if (string.Equals(before.Transfers[i].Id, report.TransferId, StringComparison.Ordinal))
                index = i;
        }

        if (index < 0)
            throw new InvalidOperationException($"Refund {before.Id} has no transfer {report.TransferId}.");
        var transfer = before.Transfers[index];
        switch (report.Told)
        {
            case OutgoingReport.Sent when transfer.Status == RefundTransferStatus.Failed:
            case OutgoingReport.Sent sent when sent.Fee < 0 || sent.Fee > transfer.FeeMax:
                throw new InvalidOperationException($"The rail says of transfer {transfer.Id} what it has ruled out before.");
            case OutgoingReport.Sent when transfer.Status == RefundTransferStatus.Sent:
            case OutgoingReport.Failed when transfer.Status == RefundTransferStatus.Failed:
            case OutgoingReport.Pending when transfer.Status != RefundTransferStatus.Pending:
                return before;
            case OutgoingReport.Sent sent:
                transfer = transfer with { Status = RefundTransferStatus.Sent, AwaitsSignature = false, Reference = sent.Reference, Proof = sent.Proof, Fee = sent.Fee };
                return before with { Status = RefundStatus.Succeeded, Transfers = before.Transfers.SetItem(index, transfer), ClaimToken = null, ExpiresAt = null };
            case OutgoingReport.Pending pending:
                var told = transfer with { Reference = pending.Reference ?? transfer.Reference, AwaitsSignature = pending.AwaitsSignature };
                return told == transfer ? before : before with { Transfers = before.Transfers.SetItem(index, told) };
            case OutgoingReport.Failed failed:
                transfer = transfer with { Status = RefundTransferStatus.Failed, AwaitsSignature = false, Fee = 0, FailureCode = failed.Code, FailureMessage = failed.Message };
                return before with
                {
                    Status = transfer.Rail == RailKind.Card || before.ClaimToken is null ? RefundStatus.Failed : RefundStatus.RequiresAction,
                    Transfers = before.Transfers.SetItem(index, transfer),
                    FailureCode = failed.Code,
                    FailureMessage = failed.Message,
                    ExpiresAt = before.ClaimToken is null ? null : report.ClaimUntil,
                };
            default:
                throw new ArgumentOutOfRangeException(nameof(report));
        }
    }

    private static Result<Refund, PaymentError> Cancel(Refund before) =>
        before.Status is RefundStatus.RequiresAction or RefundStatus.AwaitingApproval
            ? before with { Status = RefundStatus.Canceled, ClaimToken = null, ExpiresAt = null }
            : Unexpected(before, "cancel");

    private static Result<Refund, PaymentError> Expire(Refund before, DateTimeOffset now) =>
        before.Status == RefundStatus.RequiresAction && now >= before.ExpiresAt
            ? before with
            {
                Status = RefundStatus.Failed,
                ClaimToken = null,
                ExpiresAt = null,
                FailureCode = "expired",
                FailureMessage = "Nobody said in time where the money should go.",
            }
            : before;

    private static Result<Refund, PaymentError> Start(Refund refund, RefundTransfer? transfer)
    {
        if (transfer is null)
        {
            if (refund.ClaimToken is null || refund.ExpiresAt is null)
                throw new InvalidOperationException($"Refund {refund.Id} can neither be sent nor claimed.");
            return refund with { Status = RefundStatus.RequiresAction };
        }

        if (transfer.Status != RefundTransferStatus.Pending || transfer.Amount < 1 || transfer.ShopperFee < 0 || transfer.FeeMax < 0
            || checked(transfer.Amount + transfer.ShopperFee) != refund.Gross
            || refund.Transfers.Any(known => known.Status != RefundTransferStatus.Failed || string.Equals(known.Id, transfer.Id, StringComparison.Ordinal)))
        {
            throw new InvalidOperationException($"Refund {refund.Id} would be sent twice, or another amount of it.");
        }

        return refund with { Status = RefundStatus.Pending, Transfers = refund.Transfers.Add(transfer), FailureCode = null, FailureMessage = null };
    }

    private static RefundChange Finish(PaymentFile file, Refund? before, Refund after, RefundTrigger trigger)
    {
        if (!RefundTransitions.Allows(before?.Status, trigger, after.Status))
            throw new InvalidOperationException($"Refund {after.Id}: {trigger} leads from {before?.Status} to {after.Status}, which the transition table does not know.");
        after = after with { Version = (before?.Version ?? 0) + 1 };
        var changed = file with
        {
            Refunds = before is null ? file.Refunds.Add(after) : file.Refunds.Replace(before, after),
            Receipts = before is null ? Fix(file.Receipts, after) : file.Receipts,
            Intent = file.Intent with { Version = file.Intent.Version + 1 },
        };
        if (after.TakesMoney && RefundRoom.Of(changed).Exists(static room => room.Counted < 0 || room.Credited < 0 || room.Excess < 0))
            throw new InvalidOperationException($"Refund {after.Id} would give back more than came.");

        var ledger = FileBalances.Difference(file, changed, "refund_" + RefundWords.Of(trigger), after.Id);
        return new RefundChange(changed, after, ledger is null ? [] : [ledger], [.. Events(before, after)]) { IsNothing = false };
    }

    // What counts of a receipt stands once a part of it went back.
    private static ImmutableArray<PaymentReceipt> Fix(ImmutableArray<PaymentReceipt> receipts, Refund refund) =>
    [
        .. receipts.Select(receipt => refund.Parts.Any(part => string.Equals(part.Receipt, receipt.Reference, StringComparison.Ordinal))
            ? receipt with { IsAllocationFinal = true }
            : receipt),
    ];

    private static IEnumerable<RefundEventKind> Events(Refund? before, Refund after)
    {
        yield return before is null ? RefundEventKind.Created : RefundEventKind.Updated;
        if (after.Status == before?.Status)
            yield break;
        if (after.Status == RefundStatus.Failed)
            yield return RefundEventKind.Failed;
        if (after.Status == RefundStatus.Succeeded)
            yield return RefundEventKind.ChargeRefunded;
    }

    private static RefundTrigger TriggerOf(RefundInput.Report report) => report.Told switch
    {
        OutgoingReport.Sent => RefundTrigger.TransferSent,
        OutgoingReport.Failed => RefundTrigger.TransferFailed,
        OutgoingReport.Pending => RefundTrigger.TransferPending,
        _ => throw new ArgumentOutOfRangeException(nameof(report)),
    };

    private static PaymentError Unexpected(Refund refund, string verb) => PaymentError.UnexpectedState(
        "refund_unexpected_state", $"You cannot {verb} this refund because it has the status {RefundWords.NameOf(refund.Status)}.");
}

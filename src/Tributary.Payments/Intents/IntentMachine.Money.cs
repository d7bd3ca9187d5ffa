using Tributary.Payments.Errors;

namespace Tributary.Payments.Intents;

/// <summary>What a rail's report of money means. Reports come at least once and out of order with what people do.</summary>
public static partial class IntentMachine
{
    private static (IntentTrigger Trigger, PaymentError? Error) Report(IntentDraft draft, IntentInput.Report report)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(report.Amount, 1, nameof(report));
        var trigger = report.Status switch
        {
            ReceiptStatus.Seen => IntentTrigger.MoneySeen,
            ReceiptStatus.Held => IntentTrigger.MoneyHeld,
            ReceiptStatus.Settled => IntentTrigger.MoneySettled,
            ReceiptStatus.Released => IntentTrigger.MoneyReleased,
            ReceiptStatus.Vanished => IntentTrigger.MoneyVanished,
            _ => throw new ArgumentOutOfRangeException(nameof(report)),
        };
        var attempt = draft.Attempt(report.AttemptId);
        var known = draft.Receipts.Find(receipt => string.Equals(receipt.Reference, report.Reference, StringComparison.Ordinal));
        if (known is null)
        {
            // Money that came and went before anyone looked.
            if (report.Status is ReceiptStatus.Released or ReceiptStatus.Vanished)
                return (trigger, null);
            known = Receive(draft, attempt, report);
            draft.Receipts.Add(known);
        }
        else if (!string.Equals(known.AttemptId, attempt.Id, StringComparison.Ordinal) || known.Amount != report.Amount)
        {
            throw new InvalidOperationException($"The rail reports {report.Reference} with another amount or for another attempt than before.");
        }

        if (!CanFollow(known.Status, report.Status))
            return (trigger, null);
        if (known.Status == ReceiptStatus.Settled)
            draft.Events.Add(IntentEventKind.Reversed);
        draft.Replace(known with
        {
            Status = report.Status,
            SettledAt = report.Status == ReceiptStatus.Settled ? draft.Now : null,
            Counted = known.IsAllocationFinal ? known.Counted : draft.Nothing,
            Credited = known.IsAllocationFinal ? known.Credited : 0,
        });
        if (report.Status == ReceiptStatus.Held)
            Hold(draft, attempt, report);
        if (attempt.Status is AttemptStatus.Open && Covers(draft, attempt))
            draft.Replace(attempt with { Status = AttemptStatus.Paid });
        return (trigger, null);
    }

    // A settled or released hold stays what it is; chain money can go back and forth with the chain.
    private static bool CanFollow(ReceiptStatus before, ReceiptStatus after) => (before, after) switch
    {
        (ReceiptStatus.Seen, ReceiptStatus.Settled or ReceiptStatus.Vanished) => true,
        (ReceiptStatus.Held, ReceiptStatus.Settled or ReceiptStatus.Released) => true,
        (ReceiptStatus.Settled, ReceiptStatus.Seen or ReceiptStatus.Vanished) => true,
        (ReceiptStatus.Vanished, ReceiptStatus.Seen or ReceiptStatus.Held or ReceiptStatus.Settled) => true,
        _ => false,
    };

    // The rate holds for money first seen before it runs out; after that the price of now decides, and without one nothing counts.
    private static PaymentReceipt Receive(IntentDraft draft, PaymentAttempt attempt, IntentInput.Report report)
    {
        var isLate = attempt.Quote is { } quote && !quote.HoldsAt(draft.Now);
        if (draft.Intent.IsTopUp)
            return ReceiveAny(draft, attempt, report, isLate ? report.PriceNow : attempt.Quote?.Price);
        var value = !isLate ? attempt.ValueOf(report.Amount)
            : report.PriceNow is { } price ? attempt.ValueOf(report.Amount, price)
            : draft.Nothing;
        var claim = value.MinorUnits < attempt.Covers.MinorUnits ? report.Amount
            : isLate ? Math.Min(report.Amount, report.PriceNow!.Value.ToBitcoin(value).Value)
            : Math.Min(report.Amount, attempt.Due);
        return new PaymentReceipt
        {
            Reference = report.Reference,
            AttemptId = attempt.Id,
            Status = ReceiptStatus.Vanished,
            Amount = report.Amount,
            Value = value,
            Claim = value.MinorUnits == 0 ? 0 : claim,
            Counted = draft.Nothing,
            FirstSeenAt = draft.Now,
        };
    }

    // All of it is worth something: what the draft counts of it depends on what came before it.
    private static PaymentReceipt ReceiveAny(IntentDraft draft, PaymentAttempt attempt, IntentInput.Report report, Quotes.BitcoinPrice? price)
    {
        var value = price?.FromBitcoin(new(report.Amount)) ?? draft.Nothing;
        return new PaymentReceipt
        {
            Reference = report.Reference,
            AttemptId = attempt.Id,
            Status = ReceiptStatus.Vanished,
            Amount = report.Amount,
            Value = value,
            Claim = value.MinorUnits == 0 ? 0 : report.Amount,
            Counted = draft.Nothing,
            FirstSeenAt = draft.Now,
        };
    }

    private static void Hold(IntentDraft draft, PaymentAttempt attempt, IntentInput.Report report)
    {
        // Several holds: the first that runs out decides.
        var before = draft.Intent.CaptureBefore;
        if (report.CaptureBefore is { } limit && (before is null || limit < before))
            draft.Intent = draft.Intent with { CaptureBefore = limit };

        if (draft.Intent.CanceledAt is not null || draft.IsSettledInFull)
            draft.Commands.Add(new RailCommand.Release(attempt.Id));
        else if (draft.Intent.CaptureMethod == CaptureMethod.Automatic)
            draft.Commands.Add(new RailCommand.Settle(attempt.Id, report.Amount));
    }

    private static bool Covers(IntentDraft draft, PaymentAttempt attempt)
    {
        long value = 0;
        foreach (var receipt in draft.Receipts)
        {
            if (string.Equals(receipt.AttemptId, attempt.Id, StringComparison.Ordinal)
                && receipt.Status is ReceiptStatus.Seen or ReceiptStatus.Held or ReceiptStatus.Settled)
            {
                value = checked(value + receipt.Value.MinorUnits);
            }
        }

        return value >= Math.Max(1, attempt.Covers.MinorUnits);
    }
}

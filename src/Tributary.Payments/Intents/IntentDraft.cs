using Tributary.Payments.Money;

namespace Tributary.Payments.Intents;

/// <summary>A file while one input is worked in; <see cref="Finish"/> draws the consequences.</summary>
internal sealed class IntentDraft(PaymentFile file, DateTimeOffset now)
{
    public PaymentFile Before { get; } = file;

    public DateTimeOffset Now { get; } = now;

    public PaymentIntent Intent { get; set; } = file.Intent;

    public List<PaymentAttempt> Attempts { get; } = [.. file.Attempts];

    public List<PaymentReceipt> Receipts { get; } = [.. file.Receipts];

    public List<IntentEventKind> Events { get; } = [];

    public List<RailCommand> Commands { get; } = [];

    /// <summary>No money, in the intent's currency.</summary>
    public CurrencyAmount Nothing => Intent.Amount with { MinorUnits = 0 };

    public bool IsSettledInFull => Before.Settled.MinorUnits >= Enough.MinorUnits;

    // What a capture takes, or all that was asked for.
    private CurrencyAmount Target => Intent.CaptureAmount ?? Intent.Amount;

    // What has to be there of it: money up to the target counts all the same.
    private CurrencyAmount Enough => Intent.CaptureAmount ?? Intent.Enough;

    public PaymentAttempt Attempt(string id) => Attempts.Find(attempt => string.Equals(attempt.Id, id, StringComparison.Ordinal))
        ?? throw new InvalidOperationException($"Intent {Intent.Id} has no attempt {id}.");

    public void Replace(PaymentAttempt attempt) =>
        Attempts[Attempts.FindIndex(other => string.Equals(other.Id, attempt.Id, StringComparison.Ordinal))] = attempt;

    public void Replace(PaymentReceipt receipt) =>
        Receipts[Receipts.FindIndex(other => string.Equals(other.Reference, receipt.Reference, StringComparison.Ordinal))] = receipt;

    /// <summary>Allocates the money, derives the status, and says what has to be written and told.</summary>
    public IntentChange Finish(IntentTrigger trigger)
    {
        if (Intent.CaptureAmount is not null && !HasHeld && SettledValue < Intent.CaptureAmount.Value.MinorUnits && trigger == IntentTrigger.MoneyReleased)
            Intent = Intent with { CaptureAmount = null };
        FollowMoney();
        Allocate();
        if (!HasHeld)
            Intent = Intent with { CaptureBefore = null };
        Intent = Intent with
        {
            AmountReceived = Nothing with { MinorUnits = Math.Min(SettledValue, Intent.Amount.MinorUnits) },
            AmountCapturable = Nothing with { MinorUnits = Capturable },
        };
        Intent = Intent with { Status = Derive() };
        if (!IntentTransitions.Allows(Before.Intent.Status, trigger, Intent.Status))
            throw new InvalidOperationException($"Intent {Intent.Id}: {trigger} leads from {Before.Intent.Status} to {Intent.Status}, which the transition table does not know.");

        var after = Before with { Intent = Intent, Attempts = [.. Attempts], Receipts = [.. Receipts] };
        var isUnchanged = Before.Intent == Intent && Before.Attempts.SequenceEqual(after.Attempts) && Before.Receipts.SequenceEqual(after.Receipts);
        var transaction = FileBalances.Difference(Before, after, "intent_" + IntentTransition.WordOf(trigger));
        CollectEvents(after);
        if (!isUnchanged)
            after = after with { Intent = Intent with { Version = Intent.Version + 1 } };
        return new IntentChange(after, transaction is null ? [] : [transaction], [.. Events], [.. Commands.Distinct()]) { IsFileUnchanged = isUnchanged };
    }

    private bool HasHeld => Receipts.Exists(static receipt => receipt.Status == ReceiptStatus.Held);

    private long SettledValue => Receipts.Where(static receipt => receipt.Status == ReceiptStatus.Settled).Sum(static receipt => receipt.Counted.MinorUnits);

    private long Capturable => Intent.CaptureAmount is not null || Intent.CanceledAt is not null
        ? 0
        : Math.Min(ValueOf(ReceiptStatus.Held), Math.Max(0, Intent.Amount.MinorUnits - SettledValue));

    private long ValueOf(ReceiptStatus status) => Receipts.Where(receipt => receipt.Status == status).Sum(static receipt => receipt.Value.MinorUnits);

    // A top-up is for what the first money is worth that is here and worth something: what vanishes takes the amount with it. Once some of it has
    // gone back, or the intent has ended, the amount stands.
    private void FollowMoney()
    {
        if (!Intent.IsTopUp || Intent.CanceledAt is not null || Receipts.Exists(static receipt => receipt.IsAllocationFinal) || Before.Refunds.Any(static refund => refund.TakesMoney))
            return;
        var first = Receipts.Find(static receipt => receipt.Status is ReceiptStatus.Seen or ReceiptStatus.Held or ReceiptStatus.Settled && receipt.Value.MinorUnits > 0);
        Intent = Intent with { Amount = first?.Value ?? Nothing };
        if (Intent.CaptureAmount is { } capture && capture.MinorUnits > Intent.Amount.MinorUnits)
            Intent = Intent with { CaptureAmount = first is null ? null : Intent.Amount };
    }

    // First come, first counted, up to the amount; nothing counts for an intent that was cancelled. What has been given back stays as it was.
    private void Allocate()
    {
        var room = Intent.CanceledAt is null ? Target.MinorUnits : 0;
        room -= Receipts.Where(static receipt => receipt is { Status: ReceiptStatus.Settled, IsAllocationFinal: true }).Sum(static receipt => receipt.Counted.MinorUnits);
        for (var i = 0; i < Receipts.Count; i++)
        {
            var receipt = Receipts[i];
            if (receipt.Status != ReceiptStatus.Settled || receipt.IsAllocationFinal)
                continue;
            var counted = Math.Clamp(receipt.Value.MinorUnits, 0, Math.Max(0, room));
            room -= counted;
            var credited = counted == receipt.Value.MinorUnits
                ? receipt.Claim
                : (long)((UInt128)receipt.Claim * (UInt128)counted / (UInt128)receipt.Value.MinorUnits);
            Receipts[i] = receipt with { Counted = Nothing with { MinorUnits = counted }, Credited = counted == 0 ? 0 : credited };
        }
    }

    private IntentStatus Derive()
    {
        if (Intent.CanceledAt is not null)
            return IntentStatus.Canceled;
        var settled = SettledValue;
        if (Intent.CaptureAmount is not null && HasHeld && settled < Target.MinorUnits)
            return IntentStatus.Processing;
        if (settled >= Enough.MinorUnits)
            return IntentStatus.Succeeded;

        var held = ValueOf(ReceiptStatus.Held);
        var covered = settled + held + ValueOf(ReceiptStatus.Seen);
        if (covered >= Enough.MinorUnits)
            return held > 0 && Intent.CaptureMethod == CaptureMethod.Manual ? IntentStatus.RequiresCapture : IntentStatus.Processing;
        if (covered > 0 || Attempts.Exists(static attempt => attempt.Status == AttemptStatus.Open))
            return IntentStatus.RequiresAction;
        return Intent.AttachedRail is null ? IntentStatus.RequiresPaymentMethod : IntentStatus.RequiresConfirmation;
    }

    private void CollectEvents(PaymentFile after)
    {
        var before = Before.Intent.Status;
        if (after.Intent.Status != before)
        {
            var told = after.Intent.Status switch
            {
                IntentStatus.RequiresAction => IntentEventKind.RequiresAction,
                IntentStatus.Processing => IntentEventKind.Processing,
                IntentStatus.Succeeded => IntentEventKind.Succeeded,
                IntentStatus.Canceled => IntentEventKind.Canceled,
                _ => (IntentEventKind?)null,
            };
            if (told is { } kind)
                Events.Add(kind);
        }

        if (after.Intent.Status == IntentStatus.RequiresAction && after.Covered.MinorUnits > Before.Covered.MinorUnits)
            Events.Add(IntentEventKind.PartiallyFunded);
        if (after.Intent.AmountCapturable != Before.Intent.AmountCapturable && after.Intent.AmountCapturable.MinorUnits > 0)
            Events.Add(IntentEventKind.AmountCapturableUpdated);
        if (ExcessOf(after) > ExcessOf(Before))
            Events.Add(IntentEventKind.ExcessReceived);
    }

    private static Int128 ExcessOf(PaymentFile file)
    {
        Int128 sum = 0;
        foreach (var receipt in file.Receipts)
        {
            if (receipt.Status == ReceiptStatus.Settled)
                sum += receipt.Amount - receipt.Credited;
        }

        return sum;
    }
}

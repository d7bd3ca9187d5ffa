namespace Tributary.Payments.Payouts;

/// <summary>The words that programs see, in Stripe's spelling where it has one.</summary>
public static class PayoutWords
{
    /// <summary>The status in Stripe's words, which have none for an approval.</summary>
    public static string Of(PayoutStatus status) => status switch
    {
        PayoutStatus.AwaitingApproval or PayoutStatus.Pending => "pending",
        PayoutStatus.InTransit => "in_transit",
        PayoutStatus.Paid => "paid",
        PayoutStatus.Failed => "failed",
        PayoutStatus.Canceled => "canceled",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };

    /// <summary>The status in full, as documents and the database name it.</summary>
    public static string NameOf(PayoutStatus status) => status == PayoutStatus.AwaitingApproval ? "awaiting_approval" : Of(status);

    /// <summary>What is told when a payout comes to a status; a change that leaves it where it was is an update.</summary>
    public static string EventOf(PayoutStatus? before, PayoutStatus after) => (before, after) switch
    {
        (null, _) => "payout.created",
        (_, PayoutStatus.Paid) when before != after => "payout.paid",
        (_, PayoutStatus.Failed) when before != after => "payout.failed",
        (_, PayoutStatus.Canceled) when before != after => "payout.canceled",
        _ => "payout.updated",
    };

    public static string Of(PayoutTrigger trigger) => trigger switch
    {
        PayoutTrigger.Opened => "opened",
        PayoutTrigger.Approved => "approved",
        PayoutTrigger.TransferPending => "transfer_pending",
        PayoutTrigger.TransferSent => "transfer_sent",
        PayoutTrigger.TransferFailed => "transfer_failed",
        PayoutTrigger.CancelAsked => "cancel_asked",
        PayoutTrigger.Updated => "updated",
        _ => throw new ArgumentOutOfRangeException(nameof(trigger)),
    };
}

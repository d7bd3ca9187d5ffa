namespace Tributary.Payments.Refunds;

/// <summary>The words that programs see, in Stripe's spelling where it has one.</summary>
public static class RefundWords
{
    /// <summary>The status in Stripe's words, which have none for an approval.</summary>
    public static string Of(RefundStatus status) => status switch
    {
        RefundStatus.AwaitingApproval or RefundStatus.Pending => "pending",
        RefundStatus.RequiresAction => "requires_action",
        RefundStatus.Succeeded => "succeeded",
        RefundStatus.Failed => "failed",
        RefundStatus.Canceled => "canceled",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };

    /// <summary>The status in full, as documents and the database name it.</summary>
    public static string NameOf(RefundStatus status) => status == RefundStatus.AwaitingApproval ? "awaiting_approval" : Of(status);

    /// <summary>The reason; null where there is none, or none that Stripe knows.</summary>
    public static string? Of(RefundReason reason) => reason switch
    {
        RefundReason.Duplicate => "duplicate",
        RefundReason.Fraudulent => "fraudulent",
        RefundReason.RequestedByCustomer => "requested_by_customer",
        RefundReason.None or RefundReason.Excess => null,
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };

    public static string Of(RefundEventKind kind) => kind switch
    {
        RefundEventKind.Created => "refund.created",
        RefundEventKind.Updated => "refund.updated",
        RefundEventKind.Failed => "refund.failed",
        RefundEventKind.ChargeRefunded => "charge.refunded",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static string Of(RefundTrigger trigger) => trigger switch
    {
        RefundTrigger.Opened => "opened",
        RefundTrigger.Approved => "approved",
        RefundTrigger.Claimed => "claimed",
        RefundTrigger.TransferSent => "transfer_sent",
        RefundTrigger.TransferFailed => "transfer_failed",
        RefundTrigger.TransferPending => "transfer_pending",
        RefundTrigger.CancelAsked => "cancel_asked",
        RefundTrigger.TimePassed => "time_passed",
        RefundTrigger.Updated => "updated",
        _ => throw new ArgumentOutOfRangeException(nameof(trigger)),
    };
}

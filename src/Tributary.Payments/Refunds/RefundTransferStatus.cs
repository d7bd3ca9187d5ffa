namespace Tributary.Payments.Refunds;

/// <summary>How one try to send a refund stands.</summary>
public enum RefundTransferStatus
{
    /// <summary>Under way, or nobody knows: only this transfer is asked for again.</summary>
    Pending,

    /// <summary>It arrived.</summary>
    Sent,

    /// <summary>It will never be paid: another way may be tried.</summary>
    Failed,
}

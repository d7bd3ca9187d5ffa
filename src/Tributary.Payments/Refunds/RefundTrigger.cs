namespace Tributary.Payments.Refunds;

/// <summary>The kinds of input, as the transition table names them.</summary>
public enum RefundTrigger
{
    Opened,
    Approved,
    Claimed,
    TransferSent,
    TransferFailed,
    TransferPending,
    CancelAsked,
    TimePassed,
    Updated,
}

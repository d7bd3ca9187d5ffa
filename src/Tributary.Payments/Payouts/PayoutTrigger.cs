namespace Tributary.Payments.Payouts;

/// <summary>The kinds of input, as the transition table names them.</summary>
public enum PayoutTrigger
{
    Opened,
    Approved,
    TransferPending,
    TransferSent,
    TransferFailed,
    CancelAsked,
    Updated,
}

namespace Tributary.Payments.Rails.Transfers;

/// <summary>How far a rail is with an outgoing transfer.</summary>
public enum TransferState
{
    /// <summary>It may have been given to the network; nobody may pay it in another way.</summary>
    Sending,

    /// <summary>It arrived, or cannot be held up any more.</summary>
    Sent,

    /// <summary>It will never be paid by this transfer.</summary>
    Failed,
}

namespace Tributary.Payments.PullPayments;

/// <summary>How a claim stands, with what became of its money.</summary>
public enum ClaimState
{
    AwaitingApproval,

    /// <summary>To be sent: no rail has heard of it.</summary>
    AwaitingPayment,

    /// <summary>A rail has it, or nobody knows: it stays so until the rail has ruled.</summary>
    InProgress,

    Completed,

    /// <summary>It will not be paid.</summary>
    Cancelled,
}

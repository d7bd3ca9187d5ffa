namespace Tributary.Payments.Payouts;

/// <summary>Where a payout stands.</summary>
public enum PayoutStatus
{
    /// <summary>Above the limit: somebody other than whoever asked has to agree.</summary>
    AwaitingApproval,

    /// <summary>It is to be sent: now, or when its destination is known for long enough.</summary>
    Pending,

    /// <summary>A rail has it.</summary>
    InTransit,

    /// <summary>It arrived.</summary>
    Paid,

    /// <summary>It will not be paid: the money is the store's again.</summary>
    Failed,

    /// <summary>Taken back before a rail had it.</summary>
    Canceled,
}

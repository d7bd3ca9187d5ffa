namespace Tributary.Payments.Refunds;

/// <summary>Where a refund stands.</summary>
public enum RefundStatus
{
    /// <summary>Above the limit: somebody other than whoever asked has to agree.</summary>
    AwaitingApproval,

    /// <summary>Nobody knows where to: the shopper names a destination by the claim link.</summary>
    RequiresAction,

    /// <summary>A transfer is under way, or nobody knows what became of it.</summary>
    Pending,

    /// <summary>The money arrived.</summary>
    Succeeded,

    /// <summary>It will not be paid: the money is where it was before.</summary>
    Failed,

    /// <summary>Taken back before anything was sent.</summary>
    Canceled,
}

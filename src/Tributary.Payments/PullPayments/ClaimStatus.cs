namespace Tributary.Payments.PullPayments;

/// <summary>What was decided on a claim. How its money stands is the payout's or the refund's to say: see <see cref="ClaimState"/>.</summary>
public enum ClaimStatus
{
    /// <summary>Somebody has to agree. No money is taken yet.</summary>
    AwaitingApproval,

    /// <summary>A payout or a transfer of a refund carries it out.</summary>
    Ordered,

    /// <summary>The merchant paid it by other means.</summary>
    PaidOutside,

    Cancelled,
}

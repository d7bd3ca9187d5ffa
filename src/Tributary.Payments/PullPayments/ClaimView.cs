using Tributary.Payments.Payouts;
using Tributary.Payments.Refunds;

namespace Tributary.Payments.PullPayments;

/// <summary>A claim with what carries it out.</summary>
public sealed record ClaimView(PayoutClaim Claim, Payout? Payout, RefundTransfer? Transfer)
{
    /// <summary>How it stands.</summary>
    public ClaimState State => Claim.Status switch
    {
        ClaimStatus.AwaitingApproval => ClaimState.AwaitingApproval,
        ClaimStatus.PaidOutside => ClaimState.Completed,
        ClaimStatus.Cancelled => ClaimState.Cancelled,
        _ => Payout is not null ? StateOf(Payout.Status) : StateOf(Transfer ?? throw new InvalidOperationException($"Claim {Claim.Id} was ordered, and nothing carries it out.")),
    };

    /// <summary>What shows that it arrived: a preimage; null for a transaction, and before.</summary>
    public string? Proof => Payout?.Proof ?? Transfer?.Proof;

    /// <summary>The rail's name for it: a transaction, a payment hash.</summary>
    public string? Reference => Payout?.Reference ?? Transfer?.Reference;

    /// <summary>How a payout stands in these words.</summary>
    public static ClaimState StateOf(PayoutStatus status) => status switch
    {
        PayoutStatus.AwaitingApproval => ClaimState.AwaitingApproval,
        PayoutStatus.Pending => ClaimState.AwaitingPayment,
        PayoutStatus.InTransit => ClaimState.InProgress,
        PayoutStatus.Paid => ClaimState.Completed,
        PayoutStatus.Failed or PayoutStatus.Canceled => ClaimState.Cancelled,
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };

    private static ClaimState StateOf(RefundTransfer transfer) => transfer.Status switch
    {
        RefundTransferStatus.Pending => ClaimState.InProgress,
        RefundTransferStatus.Sent => ClaimState.Completed,
        _ => ClaimState.Cancelled,
    };
}

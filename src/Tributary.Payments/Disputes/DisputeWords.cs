namespace Tributary.Payments.Disputes;

/// <summary>The words that programs see, in Stripe's spelling.</summary>
public static class DisputeWords
{
    public static string Of(DisputeStatus status) => status switch
    {
        DisputeStatus.NeedsResponse => "needs_response",
        DisputeStatus.UnderReview => "under_review",
        DisputeStatus.Won => "won",
        DisputeStatus.Lost => "lost",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };

    public static string Of(DisputeEventKind kind) => kind switch
    {
        DisputeEventKind.Created => "charge.dispute.created",
        DisputeEventKind.FundsWithdrawn => "charge.dispute.funds_withdrawn",
        DisputeEventKind.Updated => "charge.dispute.updated",
        DisputeEventKind.FundsReinstated => "charge.dispute.funds_reinstated",
        DisputeEventKind.Closed => "charge.dispute.closed",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}

namespace Tributary.Payments.PullPayments;

/// <summary>What an operator chooses for pull payments of all stores.</summary>
public sealed record PullPaymentOptions
{
    /// <summary>How long an invoice has to hold where somebody has to agree to a claim first and the merchant chose nothing.</summary>
    public TimeSpan InvoiceLifetimeMin { get; init; } = TimeSpan.FromDays(30);

    /// <summary>The most claims of one pull payment.</summary>
    public int ClaimsMax { get; init; } = 1000;
}

namespace Tributary.Payments.PullPayments;

/// <summary>What a refund that is to be claimed gives back.</summary>
public enum RefundVariant
{
    /// <summary>The bitcoin that came, at the rate of the payment.</summary>
    RateThen,

    /// <summary>Bitcoin for the payment's amount at the rate of now, and never more than came.</summary>
    CurrentRate,

    /// <summary>The payment's amount in its own currency, at the rate of the day on which a claim is agreed to.</summary>
    Fiat,

    /// <summary>What came too much or too late.</summary>
    OverpaidAmount,

    /// <summary>An amount that the merchant names.</summary>
    Custom,
}

namespace Tributary.Payments.Refunds;

/// <summary>Who pays for the way that a refund takes.</summary>
public enum FeeBearer
{
    /// <summary>The shopper gets the whole amount.</summary>
    Merchant,

    /// <summary>The fee is taken from the amount, and named before the shopper says where to.</summary>
    Shopper,
}

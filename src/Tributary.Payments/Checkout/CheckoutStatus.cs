namespace Tributary.Payments.Checkout;

/// <summary>Where a checkout session stands.</summary>
public enum CheckoutStatus
{
    /// <summary>It can be paid.</summary>
    Open,

    /// <summary>Enough money has come, final or not.</summary>
    Complete,

    /// <summary>It ended without a payment.</summary>
    Expired,
}

using Tributary.Payments.Intents;

namespace Tributary.Payments.Checkout;

/// <summary>A checkout session with the payment that it is for.</summary>
public sealed record CheckoutFile(CheckoutSession Session, PaymentFile Payment)
{
    public CheckoutStatus Status => Payment.Intent.Status switch
    {
        IntentStatus.Canceled => CheckoutStatus.Expired,
        IntentStatus.Succeeded or IntentStatus.Processing or IntentStatus.RequiresCapture => CheckoutStatus.Complete,
        _ => CheckoutStatus.Open,
    };

    /// <summary>The money is final.</summary>
    public bool IsPaid => Payment.Intent.Status == IntentStatus.Succeeded;
}

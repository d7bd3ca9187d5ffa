namespace Tributary.Payments.Intents;

/// <summary>Where a payment intent stands, in Stripe's terms.</summary>
public enum IntentStatus
{
    /// <summary>Nothing is under way: a payment method has to be chosen, or the last one failed.</summary>
    RequiresPaymentMethod,

    /// <summary>A payment method is attached and was not confirmed yet.</summary>
    RequiresConfirmation,

    /// <summary>The shopper has to act: pay an invoice or an address, or the rest of it.</summary>
    RequiresAction,

    /// <summary>Enough money is seen and not final, or a capture is under way.</summary>
    Processing,

    /// <summary>Enough money is held and waits for the merchant's capture.</summary>
    RequiresCapture,

    /// <summary>Enough money is settled.</summary>
    Succeeded,

    /// <summary>Ended without a payment. Money that still comes is the shopper's.</summary>
    Canceled,
}

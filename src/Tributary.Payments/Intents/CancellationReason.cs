namespace Tributary.Payments.Intents;

/// <summary>Why an intent ended without a payment, in Stripe's terms.</summary>
public enum CancellationReason
{
    Duplicate,
    Fraudulent,
    RequestedByCustomer,
    Abandoned,

    /// <summary>The hold would have run out: it was given back with a margin.</summary>
    Automatic,

    /// <summary>The intent's own time was over.</summary>
    Expired,
}

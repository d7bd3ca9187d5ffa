namespace Tributary.Payments.Intents;

/// <summary>What is told to the outside about an intent, each once.</summary>
public enum IntentEventKind
{
    Created,
    RequiresAction,
    PartiallyFunded,
    Processing,
    AmountCapturableUpdated,
    Succeeded,
    PaymentFailed,
    Canceled,

    /// <summary>Money beyond what was asked for, or too late: the shopper's.</summary>
    ExcessReceived,

    /// <summary>Money that had settled is in doubt or gone.</summary>
    Reversed,
}

namespace Tributary.Payments.Intents;

/// <summary>The kinds of input, as the transition table names them.</summary>
public enum IntentTrigger
{
    Attached,
    Offered,
    MoneySeen,
    MoneyHeld,
    MoneySettled,
    MoneyReleased,
    MoneyVanished,
    AttemptFailed,
    CaptureAsked,
    CancelAsked,
    TimePassed,
    Updated,
}

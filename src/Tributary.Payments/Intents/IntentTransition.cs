namespace Tributary.Payments.Intents;

/// <summary>One row of the transition table.</summary>
public sealed record IntentTransition(IntentStatus From, IntentTrigger Trigger, IntentStatus To, string When)
{
    /// <summary>A trigger's word in documents and in the ledger.</summary>
    public static string WordOf(IntentTrigger trigger) => trigger switch
    {
        IntentTrigger.Attached => "attached",
        IntentTrigger.Offered => "offered",
        IntentTrigger.MoneySeen => "money_seen",
        IntentTrigger.MoneyHeld => "money_held",
        IntentTrigger.MoneySettled => "money_settled",
        IntentTrigger.MoneyReleased => "money_released",
        IntentTrigger.MoneyVanished => "money_vanished",
        IntentTrigger.AttemptFailed => "attempt_failed",
        IntentTrigger.CaptureAsked => "capture_asked",
        IntentTrigger.CancelAsked => "cancel_asked",
        IntentTrigger.TimePassed => "time_passed",
        IntentTrigger.Updated => "updated",
        _ => throw new ArgumentOutOfRangeException(nameof(trigger)),
    };
}

using System.Collections.Frozen;
using static Tributary.Payments.Intents.IntentStatus;
using static Tributary.Payments.Intents.IntentTrigger;

namespace Tributary.Payments.Intents;

/// <summary>
/// Every step that an intent may take, each with the case in which it does. The machine derives the next status from the money; a step that is
/// not written here is a bug and stops before anything is stored. <c>docs/states.md</c> is generated from this table.
/// </summary>
public static class IntentTransitions
{
    /// <summary>All steps that change the status.</summary>
    public static IReadOnlyList<IntentTransition> All { get; } =
    [
        new(RequiresPaymentMethod, Attached, RequiresConfirmation, "a rail was chosen"),
        new(RequiresPaymentMethod, Offered, RequiresAction, "the shopper has something to pay with"),
        new(RequiresConfirmation, Offered, RequiresAction, "the shopper has something to pay with"),

        // Money may come at any attempt, also one that is over: an address cannot be taken back.
        new(RequiresPaymentMethod, MoneySeen, Processing, "late money covers the amount"),
        new(RequiresPaymentMethod, MoneySeen, RequiresAction, "late money covers a part: the rest is asked for"),
        new(RequiresPaymentMethod, MoneySettled, Succeeded, "late money covers the amount"),
        new(RequiresPaymentMethod, MoneySettled, RequiresAction, "late money covers a part: the rest is asked for"),
        new(RequiresPaymentMethod, MoneyHeld, RequiresCapture, "a late hold covers the amount"),
        new(RequiresPaymentMethod, MoneyHeld, RequiresAction, "a late hold covers a part"),
        new(RequiresPaymentMethod, MoneyHeld, Processing, "a late hold covers the amount and is being taken"),
        new(RequiresConfirmation, MoneyHeld, Processing, "a hold for an earlier attempt covers the amount and is being taken"),
        new(RequiresConfirmation, MoneySeen, Processing, "money for an earlier attempt covers the amount"),
        new(RequiresConfirmation, MoneySeen, RequiresAction, "money for an earlier attempt covers a part"),
        new(RequiresConfirmation, MoneySettled, Succeeded, "money for an earlier attempt covers the amount"),
        new(RequiresConfirmation, MoneySettled, RequiresAction, "money for an earlier attempt covers a part"),
        new(RequiresConfirmation, MoneyHeld, RequiresCapture, "a hold for an earlier attempt covers the amount"),
        new(RequiresConfirmation, MoneyHeld, RequiresAction, "a hold for an earlier attempt covers a part"),
        new(RequiresAction, MoneySeen, Processing, "money that is not final covers the amount"),
        new(RequiresAction, MoneySettled, Succeeded, "settled money covers the amount"),
        new(RequiresAction, MoneySettled, Processing, "settled and unconfirmed money cover the amount together"),
        new(RequiresAction, MoneySettled, RequiresCapture, "settled and held money cover the amount together"),
        new(RequiresAction, MoneyHeld, RequiresCapture, "held money covers the amount"),
        new(RequiresAction, MoneyHeld, Processing, "held and unconfirmed money cover the amount together"),
        new(RequiresAction, MoneySeen, RequiresCapture, "unconfirmed money completes what is held"),
        new(RequiresAction, MoneyReleased, RequiresPaymentMethod, "a part that was held went back, and no attempt is open"),
        new(RequiresAction, MoneyVanished, RequiresPaymentMethod, "the part that was seen is gone, and no attempt is open"),
        new(RequiresAction, AttemptFailed, RequiresPaymentMethod, "the last open attempt failed"),
        new(RequiresAction, TimePassed, RequiresPaymentMethod, "the last open attempt expired"),

        new(Processing, MoneySettled, Succeeded, "settled money covers the amount"),
        new(Processing, MoneyHeld, RequiresCapture, "held money covers the amount"),
        new(Processing, MoneyVanished, RequiresAction, "unconfirmed money was replaced: what is left is asked for again"),
        new(Processing, MoneyVanished, RequiresPaymentMethod, "unconfirmed money was replaced and no attempt is open"),
        new(Processing, MoneyVanished, RequiresCapture, "unconfirmed money was replaced; what is held covers the amount"),
        new(Processing, MoneyReleased, RequiresAction, "a hold went back before it was captured"),
        new(Processing, MoneyReleased, RequiresPaymentMethod, "a hold went back before it was captured"),
        new(Processing, MoneyReleased, Succeeded, "a hold went back; what is settled covers the amount"),

        new(Processing, MoneyVanished, Succeeded, "the first money of a top-up was replaced; what is settled is the amount now"),

        new(RequiresCapture, CaptureAsked, Processing, "the merchant takes what is held"),
        new(RequiresCapture, MoneySettled, Succeeded, "settled money covers the amount"),
        new(RequiresCapture, MoneySettled, Processing, "a capture that is not complete"),
        new(RequiresCapture, MoneyReleased, RequiresPaymentMethod, "the hold went back"),
        new(RequiresCapture, MoneyReleased, RequiresAction, "the hold went back; an attempt is open or a part is paid"),
        new(RequiresCapture, MoneyReleased, Processing, "the hold went back; unconfirmed money covers the amount"),
        new(RequiresCapture, MoneyVanished, RequiresAction, "unconfirmed money that completed the hold was replaced"),

        new(RequiresCapture, MoneyReleased, Succeeded, "the hold that began a top-up went back; what is settled is the amount now"),
        new(RequiresCapture, MoneyVanished, Succeeded, "the first money of a top-up was replaced; what is settled is the amount now"),

        // A settled payment on chain can be reorganised away.
        new(Succeeded, MoneySeen, Processing, "a reorganisation took confirmations away"),
        new(Succeeded, MoneySeen, RequiresCapture, "a reorganisation took confirmations away; what is held covers the amount"),
        new(Succeeded, MoneyVanished, RequiresAction, "a settled transaction was replaced; a part is left"),
        new(Succeeded, MoneyVanished, RequiresPaymentMethod, "a settled transaction was replaced"),
        new(Succeeded, MoneyVanished, Processing, "a settled transaction was replaced; unconfirmed money covers the amount"),
        new(Succeeded, MoneyVanished, RequiresCapture, "a settled transaction was replaced; what is held covers the amount"),

        new(RequiresPaymentMethod, CancelAsked, Canceled, "the merchant gave up"),
        new(RequiresConfirmation, CancelAsked, Canceled, "the merchant gave up"),
        new(RequiresAction, CancelAsked, Canceled, "the merchant gave up"),
        new(RequiresCapture, CancelAsked, Canceled, "the merchant gave up: what is held goes back"),
        new(RequiresPaymentMethod, TimePassed, Canceled, "the intent's time is over"),
        new(RequiresConfirmation, TimePassed, Canceled, "the intent's time is over"),
        new(RequiresAction, TimePassed, Canceled, "the intent's time is over"),
        new(RequiresCapture, TimePassed, Canceled, "the hold has to go back"),
    ];

    private static readonly FrozenSet<(IntentStatus, IntentTrigger, IntentStatus)> s_allowed =
        All.Select(static row => (row.From, row.Trigger, row.To)).ToFrozenSet();

    /// <summary>May this trigger lead from one status to the other? To stay is always allowed.</summary>
    public static bool Allows(IntentStatus from, IntentTrigger trigger, IntentStatus to) => from == to || s_allowed.Contains((from, trigger, to));
}

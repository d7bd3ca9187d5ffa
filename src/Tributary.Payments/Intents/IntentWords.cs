namespace Tributary.Payments.Intents;

/// <summary>The words that programs see, in Stripe's spelling.</summary>
public static class IntentWords
{
    public static string Of(IntentStatus status) => status switch
    {
        IntentStatus.RequiresPaymentMethod => "requires_payment_method",
        IntentStatus.RequiresConfirmation => "requires_confirmation",
        IntentStatus.RequiresAction => "requires_action",
        IntentStatus.Processing => "processing",
        IntentStatus.RequiresCapture => "requires_capture",
        IntentStatus.Succeeded => "succeeded",
        IntentStatus.Canceled => "canceled",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };

    public static string Of(ReceiptStatus status) => status switch
    {
        ReceiptStatus.Seen => "seen",
        ReceiptStatus.Held => "held",
        ReceiptStatus.Settled => "settled",
        ReceiptStatus.Released => "released",
        ReceiptStatus.Vanished => "vanished",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };

    public static string Of(CancellationReason reason) => reason switch
    {
        CancellationReason.Duplicate => "duplicate",
        CancellationReason.Fraudulent => "fraudulent",
        CancellationReason.RequestedByCustomer => "requested_by_customer",
        CancellationReason.Abandoned => "abandoned",
        CancellationReason.Automatic => "automatic",
        CancellationReason.Expired => "expired",
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };

    public static string Of(IntentEventKind kind) => kind switch
    {
        IntentEventKind.Created => "payment_intent.created",
        IntentEventKind.RequiresAction => "payment_intent.requires_action",
        IntentEventKind.PartiallyFunded => "payment_intent.partially_funded",
        IntentEventKind.Processing => "payment_intent.processing",
        IntentEventKind.AmountCapturableUpdated => "payment_intent.amount_capturable_updated",
        IntentEventKind.Succeeded => "payment_intent.succeeded",
        IntentEventKind.PaymentFailed => "payment_intent.payment_failed",
        IntentEventKind.Canceled => "payment_intent.canceled",
        IntentEventKind.ExcessReceived => "payment_intent.excess_received",
        IntentEventKind.Reversed => "payment_intent.reversed",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}

namespace Tributary.Payments.Refunds;

/// <summary>What a refund takes from one receipt.</summary>
/// <param name="Receipt">The receipt's <see cref="Intents.PaymentReceipt.Reference"/>.</param>
/// <param name="Counted">Of what counted for the intent, in its minor units; 0 for excess.</param>
/// <param name="Amount">In the receipt's asset.</param>
public sealed record RefundPart(string Receipt, long Counted, long Amount);

using Tributary.Payments.Intents;

namespace Tributary.Payments.Refunds;

/// <summary>A refund with the payment that it belongs to.</summary>
public sealed record RefundView(PaymentFile File, Refund Refund);

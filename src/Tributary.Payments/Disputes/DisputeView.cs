using Tributary.Payments.Intents;

namespace Tributary.Payments.Disputes;

/// <summary>A dispute with the payment that it is about.</summary>
public sealed record DisputeView(PaymentFile File, Dispute Dispute);

namespace Tributary.Payments.Refunds;

/// <summary>One row of the transition table; a refund begins from nothing.</summary>
public sealed record RefundTransition(RefundStatus? From, RefundTrigger Trigger, RefundStatus To, string When);

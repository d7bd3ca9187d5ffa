namespace Tributary.Payments.Payouts;

/// <summary>One row of the transition table; a payout begins from nothing.</summary>
public sealed record PayoutTransition(PayoutStatus? From, PayoutTrigger Trigger, PayoutStatus To, string When);

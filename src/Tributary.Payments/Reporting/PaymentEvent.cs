namespace Tributary.Payments.Reporting;

/// <summary>Something that happened to a payment.</summary>
/// <param name="Id">The event's name.</param>
/// <param name="Kind">"payment_intent.succeeded".</param>
/// <param name="At">When.</param>
public sealed record PaymentEvent(string Id, string Kind, DateTimeOffset At);

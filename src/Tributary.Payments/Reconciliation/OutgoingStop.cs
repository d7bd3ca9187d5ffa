namespace Tributary.Payments.Reconciliation;

/// <summary>Why no money goes out, and since when.</summary>
/// <param name="Reason">For a person.</param>
/// <param name="At">When it was stopped.</param>
public sealed record OutgoingStop(string Reason, DateTimeOffset At);

namespace Tributary.Payments.Webhooks;

/// <summary>One try to deliver.</summary>
/// <param name="Number">Counted from one.</param>
/// <param name="At">When it ended.</param>
/// <param name="Took">How long the target took.</param>
/// <param name="Outcome">What it answered: "200", "no answer within 10 s".</param>
/// <param name="Answer">The beginning of its body; null where it had none.</param>
public sealed record WebhookTry(long Number, DateTimeOffset At, TimeSpan Took, string Outcome, string? Answer);

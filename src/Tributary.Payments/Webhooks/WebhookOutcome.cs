namespace Tributary.Payments.Webhooks;

/// <summary>What a target said to a try.</summary>
/// <param name="IsTaken">It answered with success.</param>
/// <param name="Outcome">For the log: "200", "timeout".</param>
/// <param name="Took">How long it took.</param>
/// <param name="Answer">The beginning of its body, or null.</param>
public sealed record WebhookOutcome(bool IsTaken, string Outcome, TimeSpan Took, string? Answer)
{
    /// <summary>Of the body of a success so many characters are kept.</summary>
    public const int TakenMax = 256;

    /// <summary>Of the body of a failure so many characters are kept: it says what went wrong.</summary>
    public const int FailedMax = 2048;

    /// <summary>The body as it is kept.</summary>
    public string? Kept
    {
        get
        {
            var max = IsTaken ? TakenMax : FailedMax;
            return Answer is not { Length: > 0 } ? null : (Answer.Length <= max ? Answer : Answer[..max]).Replace('\0', '\ufffd');
        }
    }
}

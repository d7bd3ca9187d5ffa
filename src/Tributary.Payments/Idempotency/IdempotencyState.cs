namespace Tributary.Payments.Idempotency;

/// <summary>What is known of a request's key.</summary>
public abstract record IdempotencyState
{
    private IdempotencyState()
    {
    }

    /// <summary>Never seen, or its first run died: go on.</summary>
    /// <param name="ObjectId">What the first run had created before it died: go on with that, and create nothing again.</param>
    public sealed record Fresh(string? ObjectId) : IdempotencyState;

    /// <summary>Done before: this was the answer.</summary>
    public sealed record Answered(string Answer) : IdempotencyState;

    /// <summary>A twin is being worked on.</summary>
    public sealed record Running : IdempotencyState;

    /// <summary>The name stands for another request.</summary>
    public sealed record Mismatch : IdempotencyState;
}

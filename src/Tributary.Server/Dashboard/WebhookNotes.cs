namespace Tributary.Server.Dashboard;

/// <summary>What the page of an endpoint shows this once, and which deliveries.</summary>
public sealed record WebhookNotes
{
    public string? Problem { get; init; }

    /// <summary>The new signing secret, told this once.</summary>
    public string? Secret { get; init; }

    /// <summary>How long the one before signs as well.</summary>
    public int OldHours { get; init; }

    /// <summary>"failed", "waiting", or all.</summary>
    public string? Show { get; init; }

    /// <summary>Deliveries after this one in the list.</summary>
    public string? Before { get; init; }

    /// <summary>Never the secret.</summary>
    public override string ToString() => nameof(WebhookNotes);
}

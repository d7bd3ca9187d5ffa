namespace Tributary.Server.Health;

/// <summary>Whether the server can do its work, and what is wrong where it cannot.</summary>
/// <param name="IsHealthy">Nothing is wrong.</param>
/// <param name="Network">The Bitcoin network.</param>
/// <param name="Height">Of the newest block known.</param>
/// <param name="Database">"sqlite" or "postgres".</param>
/// <param name="Node">"opening", "syncing" or "ready".</param>
/// <param name="NodeId">The Lightning node's public key; null until it is open.</param>
/// <param name="Reconciliation">How the last comparison of the books with the world came out: "balanced", "mismatch", "busy"; null before the first.</param>
/// <param name="OutgoingStopped">No refund or payout leaves.</param>
/// <param name="OutboxWaiting">Events that have no number yet.</param>
/// <param name="WebhooksWaiting">Deliveries that were not taken yet.</param>
/// <param name="WebhooksLateSeconds">How long the delivery waits that should have been tried first.</param>
/// <param name="Problems">In a person's words; empty when healthy.</param>
/// <param name="Notices">What a person should know though nothing is broken.</param>
internal sealed record HealthReport(
    bool IsHealthy,
    string Network,
    int? Height,
    string Database,
    string Node,
    string? NodeId,
    string? Reconciliation,
    bool OutgoingStopped,
    long OutboxWaiting,
    long WebhooksWaiting,
    long WebhooksLateSeconds,
    IReadOnlyList<string> Problems,
    IReadOnlyList<string> Notices)
{
    /// <summary>The live half's own report; null where there is none.</summary>
    public HealthReport? Live { get; init; }
}

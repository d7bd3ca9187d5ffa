namespace Tributary.Bitcoin.Chain;

/// <summary>What a chain source knows of its own state.</summary>
/// <param name="IsSynced">True only when it is connected and has every block that its node knows of.</param>
/// <param name="Tip">The last block it saw, if any.</param>
/// <param name="Problem">In a person's words why it is not synced and what to do, or null.</param>
public sealed record ChainStatus(bool IsSynced, ChainTip? Tip, string? Problem);

namespace Tributary.Lightning.OnChain;

/// <summary>What an input led to: records, which are applied already, and what to do once they are durable.</summary>
public sealed record MonitorStep(IReadOnlyList<ClaimRecord> Records, IReadOnlyList<MonitorEffect> Effects);

namespace Tributary.Proofs.Stark;

/// <summary>A stage that has ended, and the share of the whole work done by then, from 0 to 1.</summary>
public readonly record struct ProverProgress(string Stage, double Share);

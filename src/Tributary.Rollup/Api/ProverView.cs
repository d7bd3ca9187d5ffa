namespace Tributary.Rollup.Api;

/// <summary>What the prover is doing.</summary>
public sealed record ProverView(int Waiting, ulong? Segment, string? Stage, double Share, long Proven);

namespace Tributary.Rollup.Operating;

/// <summary>What a prover is doing.</summary>
/// <param name="Waiting">Segments that wait, the one being proven included.</param>
/// <param name="Segment">The number of the segment being proven; null while there is none.</param>
/// <param name="Stage">The stage that it has ended.</param>
/// <param name="Share">How much of this proof is done, from 0 to 1.</param>
/// <param name="Proven">Proofs made since the start.</param>
/// <param name="Problem">Why it stands still, or null.</param>
public sealed record ProverStatus(int Waiting, ulong? Segment, string? Stage, double Share, long Proven, string? Problem);

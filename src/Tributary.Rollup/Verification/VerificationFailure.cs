using Tributary.Primitives.Results;

namespace Tributary.Rollup.Verification;

/// <summary>A proof that a source gave and that does not hold.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="Segment">The segment.</param>
/// <param name="Source">Who gave it.</param>
/// <param name="Why">Why it does not hold.</param>
public sealed record VerificationFailure(ulong Batch, ulong Segment, string Source, Refusal Why);

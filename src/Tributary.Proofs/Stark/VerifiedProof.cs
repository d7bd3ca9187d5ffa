using Tributary.Proofs.Security;

namespace Tributary.Proofs.Stark;

/// <summary>What a verifier learnt from a proof that it took.</summary>
/// <param name="LogHeights">log2 of the rows of each table.</param>
/// <param name="Security">The soundness of this proof, term by term.</param>
public sealed record VerifiedProof(IReadOnlyList<int> LogHeights, SecurityReport Security);

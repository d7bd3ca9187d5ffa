namespace Tributary.Proofs.Security;

/// <summary>One round of the protocol: −log2 of the chance that a false statement survives it.</summary>
/// <param name="Round">The challenge, by what it does.</param>
/// <param name="ProvableBits">By theorems alone, in the report's regime.</param>
/// <param name="ConjecturedBits">As older figures count it: codes assumed to behave like unique ones up to their capacity.</param>
/// <param name="Bound">The bound behind the provable figure.</param>
public sealed record SecurityTerm(string Round, double ProvableBits, double ConjecturedBits, string Bound);

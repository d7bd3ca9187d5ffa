using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Psbt;

/// <summary>What a finaliser did.</summary>
/// <param name="Psbt">The PSBT, with the inputs that could be finalised final.</param>
/// <param name="Problems">For each input that is not final, what it lacks.</param>
public sealed record PsbtFinalization(PartiallySignedTransaction Psbt, IReadOnlyList<Refusal> Problems)
{
    /// <summary>True when the transaction can be extracted.</summary>
    public bool IsComplete => Problems.Count == 0;
}

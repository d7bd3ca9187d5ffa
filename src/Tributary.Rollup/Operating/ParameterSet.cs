using System.Diagnostics.CodeAnalysis;
using Tributary.Primitives.Bytes;
using Tributary.Proofs.Stark;
using Tributary.Rollup.Proving;

namespace Tributary.Rollup.Operating;

/// <summary>A set of parameters that a rollup may be begun with.</summary>
/// <param name="Name">What a person writes.</param>
/// <param name="Parameters">The parameters.</param>
/// <param name="SegmentSignatures">Signatures that fill the tables of a segment best.</param>
public sealed record ParameterSet(string Name, ProofParameters Parameters, int SegmentSignatures)
{
    /// <summary>Quick to prove.</summary>
    public static ParameterSet Fast { get; } = new("fast", ProofParameters.Fast, 1_230);

    /// <summary>Small proofs.</summary>
    public static ParameterSet Small { get; } = new("small", ProofParameters.Small, 307);

    /// <summary>Checks its proofs.</summary>
    public SegmentVerifier Verifier => this == Fast ? SegmentVerifier.Fast : SegmentVerifier.Small;

    /// <summary>The set of a name.</summary>
    public static bool TryParse(string name, [NotNullWhen(true)] out ParameterSet? set)
    {
        set = name switch
        {
            "fast" => Fast,
            "small" => Small,
            _ => null,
        };
        return set is not null;
    }

    /// <summary>The set that a genesis names; null for one that this program does not know.</summary>
    public static ParameterSet? Of(Bytes32 verifyingKey) =>
        verifyingKey == Fast.Verifier.Key.Digest ? Fast : verifyingKey == Small.Verifier.Key.Digest ? Small : null;
}

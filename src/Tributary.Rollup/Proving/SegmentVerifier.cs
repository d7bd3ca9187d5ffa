using Tributary.Primitives.Results;
using Tributary.Proofs.Stark;
using Tributary.Rollup.Anchoring;
using Tributary.Rollup.Segments;

namespace Tributary.Rollup.Proving;

/// <summary>
/// Checks proofs of segments. Total on any bytes: it answers with the first fault and allocates in proportion to the bytes present.
/// </summary>
public sealed class SegmentVerifier
{
    private readonly VerifierPolicy _policy;

    private SegmentVerifier(ProofParameters parameters)
        : this(VerifyingKey.Create(RollupMachine.Instance, parameters), VerifierPolicy.Default)
    {
    }

    /// <summary>For tests, which prove under weak parameters: no public verifier takes those.</summary>
    internal SegmentVerifier(VerifyingKey key, VerifierPolicy policy) => (Key, _policy) = (key, policy);

    /// <summary>For proofs that are quick to make.</summary>
    public static SegmentVerifier Fast { get; } = new(ProofParameters.Fast);

    /// <summary>For proofs that are small.</summary>
    public static SegmentVerifier Small { get; } = new(ProofParameters.Small);

    /// <summary>The key.</summary>
    public VerifyingKey Key { get; }

    /// <summary>Checks that the proof shows the public inputs for the body.</summary>
    /// <param name="inputs">The public inputs.</param>
    /// <param name="body">The body as posted.</param>
    /// <param name="proof">The bytes of a <see cref="RollupProof"/>.</param>
    /// <param name="posts">The posts of the forced queue that the segment consumes, as they stand on Bitcoin; null for none.</param>
    public Result<VerifiedProof, Refusal> Verify(
        SegmentStatement inputs, ReadOnlySpan<byte> body, ReadOnlyMemory<byte> proof, IReadOnlyList<ForcedPost>? posts = null)
    {
        if (inputs.VerifyingKey != Key.Digest)
            return new Refusal("verifying_key", "another than this verifier's");
        if (!RollupProof.Read(proof).TryGet(out var parts, out var garbled))
            return garbled;
        if (!StatementMessages.Build(inputs, body, posts ?? [], parts.Hints).TryGet(out var statement, out var refusal))
            return refusal;
        return StarkVerifier.Verify(Key, statement, parts.Proof.Span, _policy);
    }
}

using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Proofs.Security;

namespace Tributary.Proofs.Stark;

/// <summary>
/// Checks proofs. Total on any bytes: it answers with the first fault, never throws, and allocates in proportion to the bytes present.
/// </summary>
public static class StarkVerifier
{
    /// <summary>Checks that the bytes prove the statement about the key's machine.</summary>
    public static Result<VerifiedProof, Refusal> Verify(VerifyingKey key, Statement statement, ReadOnlySpan<byte> proof, VerifierPolicy? policy = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(statement);
        policy ??= VerifierPolicy.Default;
        if (proof.Length > policy.MaxProofLength)
            return new Refusal("length", $"more than {policy.MaxProofLength} bytes");
        var reader = new SpanReader(proof);
        if (!ProofHeader.Read(ref reader, key).TryGet(out var logHeights, out var fault))
            return fault;
        if (StatementCheck.Find(key, statement, logHeights) is { } misfit)
            return misfit;

        var layout = new ProofLayout(key.Machine, key.Parameters, logHeights);
        var security = SecurityEstimate.For(layout);
        if (security.ProvableBits < policy.MinimumProvableBits)
            return new Refusal("parameters", $"{security.ProvableBits:F1} provable bits where {policy.MinimumProvableBits:F1} are asked");
        var run = new VerifierRun(key, statement, layout, reader);
        return run.Check() is { } refusal ? refusal : new VerifiedProof(logHeights, security);
    }
}

using Tributary.Proofs.Stark;
using Tributary.Rollup.Proving;
using Tributary.Rollup.Segments;

namespace Tributary.Rollup.Tests.Proving;

/// <summary>Proofs under parameters far too weak for anything but a quick test.</summary>
internal static class WeakProofs
{
    private static readonly Lazy<SegmentProver> LazyProver = new(static () => new SegmentProver(new ProofParameters(1, 24, 3, 4, 0, 4)));

    private static readonly Lock Gate = new();

    public static VerifyingKey Key => LazyProver.Value.VerifyingKey;

    public static SegmentVerifier Verifier => new(Key, new VerifierPolicy { MinimumProvableBits = 0 });

    public static byte[] Prove(Segment segment)
    {
        lock (Gate)
            return LazyProver.Value.Prove(segment);
    }
}

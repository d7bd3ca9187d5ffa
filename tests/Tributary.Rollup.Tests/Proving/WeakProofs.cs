using Tributary.Proofs.Memory;
using Tributary.Proofs.Stark;
using Tributary.Rollup.Proving;
using Tributary.Rollup.Segments;

namespace Tributary.Rollup.Tests.Proving;

/// <summary>Proofs under parameters far too weak for anything but a quick test.</summary>
internal static class WeakProofs
{
    private static readonly ProofParameters Weak = new(1, 24, 3, 4, 0, 4);
    private static readonly Lazy<SegmentProver> LazyProver = new(static () => new SegmentProver(Weak));
    private static readonly Lazy<ProvingKey> LazyKey = new(static () => ProvingKey.Create(RollupMachine.Instance, Weak));
    private static readonly ProverMemory Memory = new();
    private static readonly Lock Gate = new();

    public static VerifyingKey Key => LazyProver.Value.VerifyingKey;

    public static SegmentVerifier Verifier => new(Key, new VerifierPolicy { MinimumProvableBits = 0 });

    public static byte[] Prove(Segment segment)
    {
        lock (Gate)
            return LazyProver.Value.Prove(segment, new ProverOptions { Memory = Memory }, TestContext.Current.CancellationToken);
    }

    /// <summary>A proof of tables, whether they hold or not.</summary>
    public static byte[] Prove(Statement statement, TraceSet traces)
    {
        lock (Gate)
            return StarkProver.Prove(LazyKey.Value, statement, traces.Tables, new ProverOptions(), TestContext.Current.CancellationToken);
    }
}

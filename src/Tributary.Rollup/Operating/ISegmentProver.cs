using Tributary.Primitives.Bytes;
using Tributary.Proofs.Stark;
using Tributary.Rollup.Segments;

namespace Tributary.Rollup.Operating;

/// <summary>Proves segments, here or elsewhere.</summary>
public interface ISegmentProver
{
    /// <summary>The digest of the verifying key, which is part of every claim.</summary>
    Bytes32 VerifyingKey { get; }

    /// <summary>Proves a segment. Blocks for as long as that takes.</summary>
    byte[] Prove(Segment segment, IProgress<ProverProgress>? progress, CancellationToken cancellationToken);
}

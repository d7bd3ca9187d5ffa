using Tributary.Primitives.Bytes;
using Tributary.Proofs.Memory;
using Tributary.Proofs.Stark;
using Tributary.Rollup.Proving;
using Tributary.Rollup.Segments;

namespace Tributary.Rollup.Operating;

/// <summary>Proves in this process. One proof at a time.</summary>
/// <param name="parameters">Those that the rollup was begun with.</param>
/// <param name="threads">Threads at most.</param>
public sealed class LocalProver(ProofParameters parameters, int threads) : ISegmentProver, IDisposable
{
    private readonly SegmentProver _prover = new(parameters);
    private readonly ProverMemory _memory = new();

    /// <inheritdoc/>
    public Bytes32 VerifyingKey => _prover.VerifyingKey.Digest;

    /// <inheritdoc/>
    public byte[] Prove(Segment segment, IProgress<ProverProgress>? progress, CancellationToken cancellationToken) =>
        _prover.Prove(segment, new ProverOptions { Threads = threads, Memory = _memory, Progress = progress }, cancellationToken);

    public void Dispose()
    {
        _prover.Dispose();
        _memory.Dispose();
    }
}

using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Rollup.Serving;

/// <summary>Where proofs come from: the operator, a mirror, a folder. Nothing that it gives is believed before it is checked.</summary>
public interface IProofSource
{
    /// <summary>Where this is, in words for people.</summary>
    string Name { get; }

    /// <summary>Asks for the proof of a claim.</summary>
    /// <param name="claim">The digest of the statement (<c>SegmentStatement.ComputeDigest</c>): what is asked for follows from Bitcoin alone.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    /// <returns>The proof, empty where there is none yet; or why it could not be asked for.</returns>
    ValueTask<Result<ReadOnlyMemory<byte>, Refusal>> FindAsync(Bytes32 claim, CancellationToken cancellationToken);
}

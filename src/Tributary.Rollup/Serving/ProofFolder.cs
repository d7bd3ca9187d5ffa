using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Rollup.Serving;

/// <summary>The proofs in the folder of an operator or a verifier, which may have it open: read only.</summary>
/// <param name="path">Its folder, or the folder of proofs in it.</param>
public sealed class ProofFolder(string path) : IProofSource
{
    /// <inheritdoc/>
    public string Name => path;

    /// <inheritdoc/>
    public async ValueTask<Result<ReadOnlyMemory<byte>, Refusal>> FindAsync(Bytes32 claim, CancellationToken cancellationToken)
    {
        foreach (var folder in (ReadOnlySpan<string>)[path, Path.Combine(path, "proofs")])
        {
            var file = new FileInfo(Path.Combine(folder, $"{claim}.proof"));
            if (!file.Exists || file.Length > ProofStore.ProofLengthMax)
                continue;
            try
            {
                return (ReadOnlyMemory<byte>)await File.ReadAllBytesAsync(file.FullName, cancellationToken);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return new Refusal("--proofs", exception.Message);
            }
        }

        return ReadOnlyMemory<byte>.Empty;
    }
}

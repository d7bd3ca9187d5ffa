using Tributary.Finance.Operations;
using Tributary.Primitives.Bytes;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Poseidon2;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Signatures;

/// <summary>
/// What an account signs: a chain of compressions over the rollup's id and the operation's one encoding, which holds version, account, index, fee,
/// expiry and fields. As with leaves, the first chaining value holds domain and length.
/// </summary>
public static class OperationDigest
{
    private const uint Domain = 3;

    /// <summary>The digest of a request that bears an authorisation.</summary>
    public static TreeDigest Compute(Bytes32 rollup, in OperationRequest request)
    {
        if (request.Authorisation is null)
            throw new ArgumentException("Only what an account asks for is signed.", nameof(request));
        var writer = new ByteWriter(256);
        writer.WriteBytes32(rollup);
        OperationCodec.Write(writer, request);
        return Hash(writer.WrittenSpan);
    }

    private static TreeDigest Hash(ReadOnlySpan<byte> bytes)
    {
        Span<KoalaBear> row = stackalloc KoalaBear[TreeDigest.Elements + TreeHash.BlockElements];
        row.Clear();
        row[0] = Domain;
        row[1] = (uint)bytes.Length;
        Span<KoalaBear> digest = stackalloc KoalaBear[TreeDigest.Elements];
        while (true)
        {
            TreeHash.WriteBlock(bytes, row[TreeDigest.Elements..]);
            Poseidon2Permutation.Compress(Poseidon2Parameters.Width24, row, digest);
            if (bytes.Length <= TreeHash.BlockBytes)
                return new TreeDigest(digest);
            bytes = bytes[TreeHash.BlockBytes..];
            digest.CopyTo(row);
        }
    }
}

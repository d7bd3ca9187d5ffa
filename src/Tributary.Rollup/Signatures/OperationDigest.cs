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
    public static TreeDigest Compute(Bytes32 rollup, in OperationRequest request) => Compute(rollup, [request])[0];

    /// <summary>The digests of many requests, side by side.</summary>
    public static TreeDigest[] Compute(Bytes32 rollup, IReadOnlyList<OperationRequest> requests)
    {
        const int width = TreeDigest.Elements + TreeHash.BlockElements;
        var writer = new ByteWriter(128 * requests.Count);
        var ends = new int[requests.Count];
        for (var i = 0; i < ends.Length; i++)
        {
            if (requests[i].Authorisation is null)
                throw new ArgumentException("Only what an account asks for is signed.", nameof(requests));
            writer.WriteBytes32(rollup);
            OperationCodec.Write(writer, requests[i]);
            ends[i] = writer.Length;
        }

        var bytes = writer.WrittenSpan;
        var digests = new TreeDigest[ends.Length];
        List<int> open = [.. Enumerable.Range(0, ends.Length)];
        var rows = new KoalaBear[ends.Length * width];
        var outputs = new KoalaBear[ends.Length * TreeDigest.Elements];
        for (var block = 0; open.Count > 0; block++)
        {
            for (var i = 0; i < open.Count; i++)
            {
                var row = rows.AsSpan(i * width, width);
                var message = Message(bytes, ends, open[i]);
                if (block == 0)
                {
                    row[..TreeDigest.Elements].Clear();
                    (row[0], row[1]) = (Domain, (uint)message.Length);
                }
                else
                {
                    digests[open[i]].Span.CopyTo(row);
                }

                TreeHash.WriteBlock(message[(block * TreeHash.BlockBytes)..], row[TreeDigest.Elements..]);
            }

            Poseidon2Compression.CompressRows(
                Poseidon2Parameters.Width24, rows.AsSpan(0, open.Count * width), outputs.AsSpan(0, open.Count * TreeDigest.Elements), TreeDigest.Elements);
            for (var i = 0; i < open.Count; i++)
                digests[open[i]] = new TreeDigest(outputs.AsSpan(i * TreeDigest.Elements, TreeDigest.Elements));
            for (var i = open.Count - 1; i >= 0; i--)
            {
                if (Message(bytes, ends, open[i]).Length <= (block + 1) * TreeHash.BlockBytes)
                    open.RemoveAt(i);
            }
        }

        return digests;
    }

    private static ReadOnlySpan<byte> Message(ReadOnlySpan<byte> bytes, int[] ends, int request) => bytes[(request == 0 ? 0 : ends[request - 1])..ends[request]];
}

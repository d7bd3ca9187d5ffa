using Tributary.Primitives.Bytes;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Hashing;

namespace Tributary.Proofs.Merkle;

/// <summary>Checks a batch of openings of a tree against its root.</summary>
internal static unsafe class MerkleVerifier
{
    /// <summary>
    /// True when the rows of the groups, tallest first, together with the sibling digests that it reads, hash to the root. The first group's points are
    /// the leaves; each further group's points are the residues of them.
    /// </summary>
    public static bool TryVerify(Bytes32 root, scoped ReadOnlySpan<MerkleGroup> groups, ref SpanReader siblings)
    {
        var logSize = groups[0].LogSize;
        var nodes = groups[0].Points;
        var digests = HashRows(groups[0]);
        var next = 1;
        for (; logSize > 0; logSize--)
        {
            if (!TryAscend(ref nodes, ref digests, 1 << logSize, ref siblings))
                return false;
            if (next < groups.Length && groups[next].LogSize == logSize - 1)
                digests = Join(digests, HashRows(groups[next++]));
        }

        return next == groups.Length && digests.Length == 8 && MerkleDigest.FromWords(digests) == root;
    }

    private static bool TryAscend(ref int[] nodes, ref uint[] digests, int size, ref SpanReader siblings)
    {
        var places = new List<(int Low, int High)>(nodes.Length);
        var parents = MerkleFrontier.Ascend(nodes, size, (_, low, high) => places.Add((low, high)));
        var result = new uint[8 * parents.Length];
        var pair = stackalloc uint[16];
        for (var i = 0; i < parents.Length; i++)
        {
            if (!TryTake(digests, places[i].Low, ref siblings, new Span<uint>(pair, 8))
                || !TryTake(digests, places[i].High, ref siblings, new Span<uint>(pair + 8, 8)))
                return false;
            fixed (uint* digest = &result[8 * i])
                RowHasher<WordLane>.HashPair(MerkleDomain.NodeKey, pair, 1, pair + 8, 1, (WordLane*)digest);
        }

        (nodes, digests) = (parents, result);
        return true;
    }

    private static bool TryTake(uint[] known, int place, ref SpanReader siblings, Span<uint> digest)
    {
        if (place >= 0)
        {
            known.AsSpan(8 * place, 8).CopyTo(digest);
            return true;
        }

        if (!siblings.TryReadBytes(Bytes32.Length, out var bytes))
            return false;
        MerkleDigest.ToWords(bytes, digest);
        return true;
    }

    private static uint[] Join(uint[] nodes, uint[] rows)
    {
        var result = new uint[nodes.Length];
        for (var i = 0; i < nodes.Length; i += 8)
        {
            fixed (uint* node = &nodes[i], row = &rows[i], digest = &result[i])
                RowHasher<WordLane>.HashPair(MerkleDomain.JoinKey, node, 1, row, 1, (WordLane*)digest);
        }

        return result;
    }

    private static uint[] HashRows(MerkleGroup group)
    {
        var digests = new uint[8 * group.Points.Length];
        var columns = new nint[Math.Max(1, group.Width)];
        fixed (KoalaBear* rows = group.Rows)
        fixed (nint* words = columns)
        {
            for (var i = 0; i < group.Width; i++)
                words[i] = (nint)((uint*)rows + i);
            for (var place = 0; place < group.Points.Length; place++)
            {
                fixed (uint* digest = &digests[8 * place])
                    RowHasher<WordLane>.HashRow((uint**)words, group.Width, place * group.Width, (WordLane*)digest);
            }
        }

        return digests;
    }
}

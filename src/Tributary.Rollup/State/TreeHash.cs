using Tributary.Finance.State;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Poseidon2;

namespace Tributary.Rollup.State;

/// <summary>
/// The hashes of the state tree, all of Poseidon2 with feed-forward. A node is the compression of its children at width 16. A leaf is a chain of
/// compressions at width 24, of eight elements of chaining value and sixteen of message, whose first chaining value holds domain, kind and length; the
/// empty leaf is one in a domain of its own. So no node, leaf or empty leaf can be taken for another.
/// </summary>
public static class TreeHash
{
    /// <summary>Message elements of one step of a leaf's chain.</summary>
    public const int BlockElements = 16;

    /// <summary>Bytes in a message element: 24 bits, below p.</summary>
    public const int ElementBytes = 3;

    /// <summary>Bytes of one step.</summary>
    public const int BlockBytes = BlockElements * ElementBytes;

    private const uint LeafDomain = 1;
    private const uint EmptyDomain = 2;

    private static readonly TreeDigest[] EmptyDigests = BuildEmpty();

    /// <summary>The digest of a subtree of this height without leaves.</summary>
    public static TreeDigest Empty(int height) => EmptyDigests[height];

    /// <summary>The digest of a leaf.</summary>
    public static TreeDigest Leaf(LeafKind kind, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
            return Empty(0);
        Span<KoalaBear> row = stackalloc KoalaBear[TreeDigest.Elements + BlockElements];
        Start(kind, value.Length, row);
        var digest = default(TreeDigest);
        while (true)
        {
            WriteBlock(value, row[TreeDigest.Elements..]);
            digest = Compress(Poseidon2Parameters.Width24, row);
            if (value.Length <= BlockBytes)
                return digest;
            value = value[BlockBytes..];
            digest.Span.CopyTo(row);
        }
    }

    /// <summary>The digest of a node.</summary>
    public static TreeDigest Node(TreeDigest left, TreeDigest right)
    {
        Span<KoalaBear> row = stackalloc KoalaBear[2 * TreeDigest.Elements];
        left.Span.CopyTo(row);
        right.Span.CopyTo(row[TreeDigest.Elements..]);
        return Compress(Poseidon2Parameters.Width16, row);
    }

    /// <summary>Writes the first chaining value of a leaf.</summary>
    internal static void Start(LeafKind kind, int length, Span<KoalaBear> chaining)
    {
        chaining[..TreeDigest.Elements].Clear();
        chaining[0] = LeafDomain;
        chaining[1] = (uint)kind;
        chaining[2] = (uint)length;
    }

    /// <summary>Writes the message elements of the next step, three bytes each, little endian, zeros behind the end.</summary>
    internal static void WriteBlock(ReadOnlySpan<byte> value, Span<KoalaBear> block)
    {
        for (var i = 0; i < BlockElements; i++)
        {
            var element = 0u;
            for (var k = 0; k < ElementBytes && (ElementBytes * i) + k < value.Length; k++)
                element |= (uint)value[(ElementBytes * i) + k] << (8 * k);
            block[i] = element;
        }
    }

    private static TreeDigest Compress(Poseidon2Parameters parameters, ReadOnlySpan<KoalaBear> row)
    {
        Span<KoalaBear> digest = stackalloc KoalaBear[TreeDigest.Elements];
        Poseidon2Permutation.Compress(parameters, row, digest);
        return new TreeDigest(digest);
    }

    private static TreeDigest[] BuildEmpty()
    {
        var digests = new TreeDigest[StateAddress.Depth + 1];
        Span<KoalaBear> row = stackalloc KoalaBear[TreeDigest.Elements + BlockElements];
        row.Clear();
        row[0] = EmptyDomain;
        digests[0] = Compress(Poseidon2Parameters.Width24, row);
        for (var height = 1; height < digests.Length; height++)
            digests[height] = Node(digests[height - 1], digests[height - 1]);
        return digests;
    }
}

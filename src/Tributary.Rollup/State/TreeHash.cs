using System.Buffers.Binary;
using Tributary.Finance.Accounts;
using Tributary.Finance.State;
using Tributary.Primitives.Bytes;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Poseidon2;

namespace Tributary.Rollup.State;

/// <summary>
/// The hashes of the state tree, all of Poseidon2 with feed-forward. A node is the compression of its children at width 16. A leaf is a chain of
/// compressions at width 24, of eight elements of chaining value and sixteen of message, whose first chaining value holds domain and tag; the empty
/// leaf is one in a domain of its own. So no node, leaf or empty leaf can be taken for another. Message elements are what proofs compute with: two
/// bytes each, but for an account, whose key root stands there as the eight elements that it is.
/// </summary>
public static class TreeHash
{
    /// <summary>Message elements of one step of a leaf's chain.</summary>
    public const int BlockElements = 16;

    /// <summary>Bytes in a message element: a limb of 16 bits.</summary>
    public const int ElementBytes = 2;

    /// <summary>Bytes of one step.</summary>
    public const int BlockBytes = BlockElements * ElementBytes;

    /// <summary>The first element of a leaf's chaining value.</summary>
    internal const uint LeafDomain = 1;

    private const uint EmptyDomain = 2;
    private const uint ElementsTag = 1 << 16;

    private static readonly TreeDigest[] EmptyDigests = BuildEmpty();

    /// <summary>The digest of a subtree of this height without leaves.</summary>
    public static TreeDigest Empty(int height) => EmptyDigests[height];

    /// <summary>The digest of a leaf.</summary>
    public static TreeDigest Leaf(LeafKind kind, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
            return Empty(0);
        Span<KoalaBear> row = stackalloc KoalaBear[TreeDigest.Elements + BlockElements];
        Start(Tag(kind, value), row);
        var digest = default(TreeDigest);
        for (var block = 0; block < Blocks(kind, value); block++)
        {
            WriteBlock(kind, value, block, row[TreeDigest.Elements..]);
            digest = Compress(Poseidon2Parameters.Width24, row);
            digest.Span.CopyTo(row);
        }

        return digest;
    }

    /// <summary>The digest of a node.</summary>
    public static TreeDigest Node(TreeDigest left, TreeDigest right)
    {
        Span<KoalaBear> row = stackalloc KoalaBear[2 * TreeDigest.Elements];
        left.Span.CopyTo(row);
        right.Span.CopyTo(row[TreeDigest.Elements..]);
        return Compress(Poseidon2Parameters.Width16, row);
    }

    /// <summary>What tells leaves of different kinds, lengths and layouts apart: kind + 2⁸·length, and 2¹⁶ more where elements stand as such.</summary>
    internal static uint Tag(LeafKind kind, ReadOnlySpan<byte> value) =>
        (uint)kind | ((uint)value.Length << 8) | (IsAccount(kind, value) ? ElementsTag << 8 : 0);

    /// <summary>Steps of the chain of a leaf with a tag.</summary>
    internal static int Blocks(uint tag, int length) => IsElements(tag) ? 1 : (length + BlockBytes - 1) / BlockBytes;

    private static bool IsElements(uint tag) => (tag & (ElementsTag << 8)) != 0;

    /// <summary>Steps of a leaf's chain.</summary>
    internal static int Blocks(LeafKind kind, ReadOnlySpan<byte> value) => IsAccount(kind, value) ? 1 : (value.Length + BlockBytes - 1) / BlockBytes;

    /// <summary>Writes the first chaining value of a leaf.</summary>
    internal static void Start(uint tag, Span<KoalaBear> chaining)
    {
        chaining[..TreeDigest.Elements].Clear();
        chaining[0] = LeafDomain;
        chaining[1] = tag;
    }

    /// <summary>Writes the message elements of a step of a leaf's chain.</summary>
    internal static void WriteBlock(LeafKind kind, ReadOnlySpan<byte> value, int block, Span<KoalaBear> elements) => WriteBlock(Tag(kind, value), value, block, elements);

    /// <summary>Writes the message elements of a step of the chain of a leaf with a tag.</summary>
    internal static void WriteBlock(uint tag, ReadOnlySpan<byte> value, int block, Span<KoalaBear> elements)
    {
        if (!IsElements(tag))
        {
            WriteBlock(value[(block * BlockBytes)..], elements);
            return;
        }

        elements[..BlockElements].Clear();
        for (var i = 0; i < TreeDigest.Elements; i++)
            elements[i] = BinaryPrimitives.ReadUInt32LittleEndian(value[(4 * i)..]);
        elements[8] = (uint)value[32];
        elements[9] = (uint)value[33];
        elements[10] = (uint)BinaryPrimitives.ReadUInt16LittleEndian(value[34..]);
        elements[11] = (uint)BinaryPrimitives.ReadUInt16LittleEndian(value[36..]);
    }

    /// <summary>Writes the message elements of bytes, two bytes each, little endian, zeros behind the end.</summary>
    internal static void WriteBlock(ReadOnlySpan<byte> value, Span<KoalaBear> block)
    {
        var whole = Math.Min(BlockElements, value.Length / ElementBytes);
        for (var i = 0; i < whole; i++)
            block[i] = (uint)BinaryPrimitives.ReadUInt16LittleEndian(value[(ElementBytes * i)..]);
        block[whole..BlockElements].Clear();
        if (whole < BlockElements && value.Length % ElementBytes != 0)
            block[whole] = (uint)value[^1];
    }

    /// <summary>True for an account whose key root is a digest; another root is hashed as bytes, and no key of a scheme here has one.</summary>
    private static bool IsAccount(LeafKind kind, ReadOnlySpan<byte> value) =>
        kind == LeafKind.Account && value.Length == AccountLeaf.Length && AreElements(value[..Bytes32.Length]);

    private static bool AreElements(ReadOnlySpan<byte> words)
    {
        var largest = 0u;
        for (var i = 0; i < words.Length; i += sizeof(uint))
            largest = Math.Max(largest, BinaryPrimitives.ReadUInt32LittleEndian(words[i..]));
        return largest < KoalaBear.Modulus;
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

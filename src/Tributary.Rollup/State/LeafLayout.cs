using Tributary.Finance.Accounts;
using Tributary.Finance.Amounts;
using Tributary.Finance.Assets;
using Tributary.Finance.Htlcs;
using Tributary.Finance.State;
using Tributary.Proofs.Fields;

namespace Tributary.Rollup.State;

/// <summary>How the leaves of each kind lie in field elements: what proofs compute with.</summary>
internal static class LeafLayout
{
    private static readonly (uint Tag, int Blocks)[] Kinds =
        [.. Enum.GetValues<LeafKind>().Order().Select(static kind => Has(kind) ? (TreeHash.Tag(kind, new byte[Length(kind)]), TreeHash.Blocks(kind, new byte[Length(kind)])) : default)];

    /// <summary>True for kinds that have a place in the tree.</summary>
    public static bool Has(LeafKind kind) => kind is >= LeafKind.Counters and <= LeafKind.Htlc;

    /// <summary>Bytes of a leaf that is not empty.</summary>
    public static int Length(LeafKind kind) => kind switch
    {
        LeafKind.Counters => CountersLeaf.Length,
        LeafKind.Account => AccountLeaf.Length,
        LeafKind.Balance => Amount.Length,
        LeafKind.Asset => AssetLeaf.Length,
        LeafKind.Htlc => HtlcLeaf.Length,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>The tag that starts the hash of a leaf.</summary>
    public static uint Tag(LeafKind kind) => Kinds[(int)kind].Tag;

    /// <summary>Blocks of sixteen elements.</summary>
    public static int Blocks(LeafKind kind) => Kinds[(int)kind].Blocks;

    /// <summary>How proofs name a block of a leaf: its place, and 2⁸ times how many the leaf has.</summary>
    public static uint NameOf(LeafKind kind, int block) => (uint)block | ((uint)Blocks(kind) << 8);

    /// <summary>All elements of a leaf, block by block; zeros where it is empty.</summary>
    public static KoalaBear[] Elements(LeafKind kind, ReadOnlySpan<byte> value)
    {
        var blocks = Blocks(kind);
        var elements = new KoalaBear[blocks * TreeHash.BlockElements];
        for (var block = 0; block < blocks && !value.IsEmpty; block++)
            TreeHash.WriteBlock(kind, value, block, elements.AsSpan(block * TreeHash.BlockElements, TreeHash.BlockElements));
        return elements;
    }

    /// <summary>True for bytes that <see cref="Elements"/> takes without loss: a leaf of its length, an account with a digest for its root, or nothing.</summary>
    public static bool Fits(LeafKind kind, ReadOnlySpan<byte> value) =>
        value.IsEmpty || (value.Length == Length(kind) && TreeHash.Tag(kind, value) == Tag(kind));
}

using Tributary.Bitcoin.Scripts;
using Tributary.Crypto;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Taproot;

/// <summary>A taproot output (BIP 341): an internal key, tweaked by the root of a script tree or by nothing but itself.</summary>
public sealed class TaprootOutput
{
    private TaprootOutput(Bytes32 internalKey, TaprootTree? tree, Bytes32 outputKey, bool isOdd)
    {
        InternalKey = internalKey;
        Tree = tree;
        OutputKey = outputKey;
        IsOdd = isOdd;
    }

    public Bytes32 InternalKey { get; }

    /// <summary>The scripts; null for a key alone.</summary>
    public TaprootTree? Tree { get; }

    /// <summary>What the output script holds.</summary>
    public Bytes32 OutputKey { get; }

    /// <summary>Whether the output key's y is odd: a bit of every control block.</summary>
    public bool IsOdd { get; }

    /// <summary>OP_1 and the output key.</summary>
    public Script ScriptPubKey => StandardScripts.P2tr(OutputKey.Span);

    /// <summary>Tweaks an internal key; refused for bytes that are no x coordinate of a point.</summary>
    public static Result<TaprootOutput, Refusal> Create(Bytes32 internalKey, TaprootTree? tree = null)
    {
        if (!XOnlyPublicKey.TryParse(internalKey.Span, out var key))
            return new Refusal("internal_key", "is no point of the curve");
        return key.TweakAdd(Tweak(internalKey, tree?.Root).Span, out var outputKey, out var isOdd)
            ? new TaprootOutput(internalKey, tree, outputKey.ToBytes32(), isOdd)
            : new Refusal("internal_key", "cannot be tweaked by this tree");
    }

    /// <summary>The number that the internal key is tweaked by: the hash of the key and, where there is one, the tree's root.</summary>
    public static Bytes32 Tweak(Bytes32 internalKey, Bytes32? root) =>
        root is { } hash ? TaggedHashes.TapTweak.HashPair(internalKey.Span, hash.Span) : TaggedHashes.TapTweak.Hash(internalKey.Span);

    /// <summary>What a script-path spend of a leaf shows as its last witness item.</summary>
    /// <param name="leaf">The place among <see cref="TaprootTree.Leaves"/>.</param>
    public byte[] ControlBlock(int leaf)
    {
        var tree = Tree ?? throw new InvalidOperationException("The output has no scripts.");
        var writer = new ByteWriter(33 + (32 * tree.PathOf(leaf).Count));
        writer.WriteByte((byte)(tree.Leaves[leaf].Version | (IsOdd ? 1 : 0)));
        writer.WriteBytes32(InternalKey);
        foreach (var sibling in tree.PathOf(leaf))
            writer.WriteBytes32(sibling);
        return writer.ToArray();
    }
}

using Tributary.Crypto;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Scripts.Execution;

/// <summary>The control block of a taproot script path (BIP 341): leaf version and parity, internal key, Merkle path.</summary>
internal static class TaprootCommitment
{
    internal const byte AnnexTag = 0x50;
    internal const byte LeafVersionMask = 0xfe;
    internal const byte TapscriptLeafVersion = 0xc0;

    private const int BaseLength = 33;
    private const int NodeLength = 32;
    private const int NodesMax = 128;

    internal static bool HasValidLength(ReadOnlySpan<byte> control) =>
        control.Length is >= BaseLength and <= BaseLength + (NodeLength * NodesMax) && (control.Length - BaseLength) % NodeLength == 0;

    internal static Bytes32 LeafHash(byte leafVersion, ReadOnlySpan<byte> script)
    {
        Span<byte> hash = stackalloc byte[Bytes32.Length];
        var stream = TaggedHashes.TapLeaf.Start();
        stream.Append(leafVersion);
        SignatureHash.AppendCompactSizeBytes(ref stream, script);
        stream.Finish(hash);
        return new Bytes32(hash);
    }

    /// <summary>Does the output key commit to this leaf by this path?</summary>
    /// <param name="control">A control block of valid length.</param>
    /// <param name="outputKey">The witness program.</param>
    /// <param name="leafHash">The leaf.</param>
    internal static bool Holds(ReadOnlySpan<byte> control, ReadOnlySpan<byte> outputKey, Bytes32 leafHash)
    {
        var node = leafHash;
        for (var at = BaseLength; at < control.Length; at += NodeLength)
            node = BranchHash(node.Span, control.Slice(at, NodeLength));

        var internalKey = control[1..BaseLength];
        var tweak = TaggedHashes.TapTweak.HashPair(internalKey, node.Span);
        return XOnlyPublicKey.CheckTapTweak(outputKey, (control[0] & 1) != 0, internalKey, tweak.Span);
    }

    private static Bytes32 BranchHash(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        left.SequenceCompareTo(right) < 0 ? TaggedHashes.TapBranch.HashPair(left, right) : TaggedHashes.TapBranch.HashPair(right, left);
}

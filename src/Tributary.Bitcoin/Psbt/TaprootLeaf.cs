using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Scripts.Execution;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Psbt;

/// <summary>A script of a taproot tree with what proves that it is in the tree (BIP 341's control block).</summary>
/// <param name="ControlBlock">Leaf version and parity, internal key, Merkle path: 33 + 32·n bytes.</param>
/// <param name="Script">The leaf's script.</param>
/// <param name="LeafVersion">0xc0 for tapscript.</param>
public readonly record struct TaprootLeaf(ReadOnlyMemory<byte> ControlBlock, Script Script, byte LeafVersion) : IComparable<TaprootLeaf>
{
    /// <summary>The leaf's hash (BIP 341).</summary>
    public Bytes32 Hash => TaprootCommitment.LeafHash(LeafVersion, Script.Span);

    /// <summary>Does the output key commit to the leaf, as the control block says?</summary>
    public bool IsCommittedBy(Bytes32 outputKey) =>
        TaprootCommitment.HasValidLength(ControlBlock.Span)
        && (ControlBlock.Span[0] & TaprootCommitment.LeafVersionMask) == LeafVersion
        && TaprootCommitment.Holds(ControlBlock.Span, outputKey.Span, Hash);

    /// <summary>Orders by script, version, and then the shorter control block first, as Bitcoin Core does.</summary>
    public int CompareTo(TaprootLeaf other)
    {
        var order = Script.Span.SequenceCompareTo(other.Script.Span);
        if (order == 0)
            order = LeafVersion.CompareTo(other.LeafVersion);
        if (order == 0)
            order = ControlBlock.Length.CompareTo(other.ControlBlock.Length);
        return order != 0 ? order : ControlBlock.Span.SequenceCompareTo(other.ControlBlock.Span);
    }

    public bool Equals(TaprootLeaf other) => CompareTo(other) == 0;

    public override int GetHashCode() => Script.GetHashCode();

    public static bool operator <(TaprootLeaf left, TaprootLeaf right) => left.CompareTo(right) < 0;

    public static bool operator >(TaprootLeaf left, TaprootLeaf right) => left.CompareTo(right) > 0;

    public static bool operator <=(TaprootLeaf left, TaprootLeaf right) => left.CompareTo(right) <= 0;

    public static bool operator >=(TaprootLeaf left, TaprootLeaf right) => left.CompareTo(right) >= 0;
}

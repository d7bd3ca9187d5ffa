using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tributary.Crypto;

namespace Tributary.Lightning.Wire;

/// <summary>
/// The 33 bytes of a compressed key, not yet checked to be a point: gossip carries the same few keys again and again, and decompressing one
/// costs more than reading the rest of its message. Ordered by its bytes, as BOLT 7 orders the ends of a channel.
/// </summary>
[InlineArray(Length)]
[SuppressMessage("Design", "CA1051", Justification = "An inline array has one field by definition.")]
public struct NodeId : IEquatable<NodeId>, IComparable<NodeId>
{
    /// <summary>Size in bytes.</summary>
    public const int Length = PublicKey.CompressedLength;

    private byte _element;

    /// <summary>Copies 33 bytes.</summary>
    public NodeId(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
            throw new ArgumentException("A node id takes 33 bytes.", nameof(bytes));
        bytes.CopyTo(MemoryMarshal.CreateSpan(ref _element, Length));
    }

    public NodeId(PublicKey key) => key.WriteCompressed(MemoryMarshal.CreateSpan(ref _element, Length));

    /// <summary>The bytes, read in place.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Span => MemoryMarshal.CreateReadOnlySpan(in _element, Length);

    /// <summary>The point; false when the bytes are none.</summary>
    public readonly bool TryGetKey(out PublicKey key) => PublicKey.TryParse(Span, out key);

    public readonly bool Equals(NodeId other) => Span.SequenceEqual(other.Span);

    public override readonly bool Equals([NotNullWhen(true)] object? obj) => obj is NodeId other && Equals(other);

    public override readonly int GetHashCode() =>
        HashCode.Combine(MemoryMarshal.Read<ulong>(Span[1..]), MemoryMarshal.Read<ulong>(Span[17..]));

    public readonly int CompareTo(NodeId other) => Span.SequenceCompareTo(other.Span);

    public override readonly string ToString() => Convert.ToHexStringLower(Span);

    public static bool operator ==(NodeId left, NodeId right) => left.Equals(right);

    public static bool operator !=(NodeId left, NodeId right) => !left.Equals(right);

    public static bool operator <(NodeId left, NodeId right) => left.CompareTo(right) < 0;

    public static bool operator >(NodeId left, NodeId right) => left.CompareTo(right) > 0;

    public static bool operator <=(NodeId left, NodeId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(NodeId left, NodeId right) => left.CompareTo(right) >= 0;
}

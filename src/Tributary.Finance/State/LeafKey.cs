using System.Buffers.Binary;

namespace Tributary.Finance.State;

/// <summary>Where a leaf stands in the state.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Address">Which one of its kind.</param>
public readonly record struct LeafKey(LeafKind Kind, ulong Address) : IComparable<LeafKey>
{
    /// <summary>Bytes of the encoding: the kind, then the address, most significant byte first, so that the order of the bytes is the order of the keys.</summary>
    public const int Length = 9;

    /// <summary>The address of what belongs to two numbers.</summary>
    public static ulong Pair(uint high, uint low) => ((ulong)high << 32) | low;

    public void Write(Span<byte> destination)
    {
        destination[0] = (byte)Kind;
        BinaryPrimitives.WriteUInt64BigEndian(destination[1..], Address);
    }

    public int CompareTo(LeafKey other) => Kind == other.Kind ? Address.CompareTo(other.Address) : Kind.CompareTo(other.Kind);

    public static bool operator <(LeafKey left, LeafKey right) => left.CompareTo(right) < 0;

    public static bool operator >(LeafKey left, LeafKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(LeafKey left, LeafKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(LeafKey left, LeafKey right) => left.CompareTo(right) >= 0;
}

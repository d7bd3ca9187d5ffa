using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Blocks;

/// <summary>A block's id: the double SHA-256 of its 80-byte header. Shown last byte first.</summary>
public readonly record struct BlockHash(Bytes32 Value) : IComparable<BlockHash>
{
    /// <summary>Reads 64 hex digits as users write them, last byte first.</summary>
    public static bool TryParse(ReadOnlySpan<char> hex, out BlockHash id)
    {
        var parsed = Bytes32.TryParseReversed(hex, out var value);
        id = new BlockHash(value);
        return parsed;
    }

    /// <summary>Orders by the bytes in memory, first to last.</summary>
    public int CompareTo(BlockHash other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToReversedHex();

    public static bool operator <(BlockHash left, BlockHash right) => left.CompareTo(right) < 0;

    public static bool operator >(BlockHash left, BlockHash right) => left.CompareTo(right) > 0;

    public static bool operator <=(BlockHash left, BlockHash right) => left.CompareTo(right) <= 0;

    public static bool operator >=(BlockHash left, BlockHash right) => left.CompareTo(right) >= 0;
}

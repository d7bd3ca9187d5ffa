using System.Globalization;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Wire;

/// <summary>Where a funding output stands in the chain, or an alias of that shape (BOLT 7): block height, transaction, output.</summary>
public readonly record struct ShortChannelId(ulong Value) : IComparable<ShortChannelId>
{
    /// <summary>Serialized size in bytes.</summary>
    public const int Size = 8;

    private const uint PlaceMax = 0xff_ffff;

    /// <summary>Takes height and transaction index (24 bits each) and output index (16 bits).</summary>
    public ShortChannelId(uint blockHeight, uint transactionIndex, ushort outputIndex)
        : this(((ulong)Bounded(blockHeight) << 40) | ((ulong)Bounded(transactionIndex) << 16) | outputIndex)
    {
    }

    public uint BlockHeight => (uint)(Value >> 40);

    public uint TransactionIndex => (uint)(Value >> 16) & PlaceMax;

    public ushort OutputIndex => (ushort)Value;

    /// <summary>Reads "539268x845x1".</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ShortChannelId id)
    {
        id = default;
        Span<Range> parts = stackalloc Range[4];
        if (text.Split(parts, 'x') != 3
            || !uint.TryParse(text[parts[0]], NumberStyles.None, CultureInfo.InvariantCulture, out var height) || height > PlaceMax
            || !uint.TryParse(text[parts[1]], NumberStyles.None, CultureInfo.InvariantCulture, out var transaction) || transaction > PlaceMax
            || !ushort.TryParse(text[parts[2]], NumberStyles.None, CultureInfo.InvariantCulture, out var output))
        {
            return false;
        }

        id = new ShortChannelId(height, transaction, output);
        return true;
    }

    public static bool TryRead(ref SpanReader reader, out ShortChannelId id)
    {
        var read = reader.TryReadUInt64BigEndian(out var value);
        id = new ShortChannelId(value);
        return read;
    }

    public void WriteTo(ByteWriter writer) => writer.WriteUInt64BigEndian(Value);

    public int CompareTo(ShortChannelId other) => Value.CompareTo(other.Value);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{BlockHeight}x{TransactionIndex}x{OutputIndex}");

    public static bool operator <(ShortChannelId left, ShortChannelId right) => left.CompareTo(right) < 0;

    public static bool operator >(ShortChannelId left, ShortChannelId right) => left.CompareTo(right) > 0;

    public static bool operator <=(ShortChannelId left, ShortChannelId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ShortChannelId left, ShortChannelId right) => left.CompareTo(right) >= 0;

    private static uint Bounded(uint place)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(place, PlaceMax);
        return place;
    }
}

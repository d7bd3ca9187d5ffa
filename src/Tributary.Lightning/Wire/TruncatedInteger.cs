using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Wire;

/// <summary>BOLT 1's <c>tu16</c>, <c>tu32</c> and <c>tu64</c>: big endian without leading zero bytes, as the last value of a TLV record.</summary>
public static class TruncatedInteger
{
    /// <summary>Reads all of the bytes; false when they are more than the type has or begin with zero.</summary>
    /// <param name="bytes">Zero bytes are the number zero.</param>
    /// <param name="bytesMax">2, 4 or 8.</param>
    /// <param name="value">The number.</param>
    public static bool TryRead(ReadOnlySpan<byte> bytes, int bytesMax, out ulong value)
    {
        value = 0;
        if (bytes.Length > bytesMax || (!bytes.IsEmpty && bytes[0] == 0))
            return false;

        foreach (var part in bytes)
            value = (value << 8) | part;
        return true;
    }

    /// <summary>Writes the number in as few bytes as it takes: none for zero.</summary>
    public static void Write(ByteWriter writer, ulong value)
    {
        for (var shift = 56; shift >= 0; shift -= 8)
        {
            if (value >> shift != 0)
                writer.WriteByte((byte)(value >> shift));
        }
    }

    /// <summary>The number in as few bytes as it takes.</summary>
    public static byte[] ToArray(ulong value)
    {
        var writer = new ByteWriter(sizeof(ulong));
        Write(writer, value);
        return writer.ToArray();
    }
}

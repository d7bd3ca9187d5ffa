namespace Tributary.Lightning.Invoices;

/// <summary>Bytes and numbers in values of five bits, as BOLT 11 packs them.</summary>
internal static class FiveBits
{
    /// <summary>Bytes with zero bits up to the next whole byte: what an invoice's signature is over.</summary>
    internal static byte[] ToPaddedBytes(ReadOnlySpan<byte> values) => ToBytes(values, ((values.Length * 5) + 7) / 8);

    /// <summary>Whole bytes; the bits that are left over pad a field.</summary>
    internal static byte[] ToBytes(ReadOnlySpan<byte> values) => ToBytes(values, values.Length * 5 / 8);

    /// <summary>A big-endian number; false when it has leading zeros or more than 64 bits.</summary>
    internal static bool TryToNumber(ReadOnlySpan<byte> values, out ulong number)
    {
        number = 0;
        if (values is [] or [0, ..] || values.Length > 13 || (values.Length == 13 && values[0] > 15))
            return false;
        foreach (var value in values)
            number = (number << 5) | value;
        return true;
    }

    /// <summary>A number in as few values as it takes, at least <paramref name="least"/>.</summary>
    internal static byte[] FromNumber(ulong number, int least = 1)
    {
        var length = least;
        while (length < 13 && number >> (5 * length) != 0)
            length++;
        var values = new byte[length];
        for (var i = length - 1; i >= 0; i--)
        {
            values[i] = (byte)(number & 31);
            number >>= 5;
        }

        return values;
    }

    private static byte[] ToBytes(ReadOnlySpan<byte> values, int length)
    {
        var bytes = new byte[length];
        for (var bit = 0; bit < values.Length * 5 && bit / 8 < length; bit++)
        {
            if ((values[bit / 5] >> (4 - (bit % 5)) & 1) != 0)
                bytes[bit / 8] |= (byte)(0x80 >> (bit % 8));
        }

        return bytes;
    }
}

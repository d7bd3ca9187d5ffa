namespace Tributary.Crypto;

/// <summary>
/// The DER reader of Bitcoin's consensus rules, which takes everything that OpenSSL took when blocks before BIP 66 were mined: lengths in
/// too many bytes, a wrong outer length, negative or padded numbers, bytes after the end.
/// </summary>
internal static class LaxDer
{
    /// <summary>
    /// Writes r and s, 32 bytes each. False when no two integers can be read. A number of more than 32 bytes makes
    /// <paramref name="overflow"/> true: the signature is readable (which matters to the low-S rule) and never valid.
    /// </summary>
    internal static bool TryParse(ReadOnlySpan<byte> der, Span<byte> compact64, out bool overflow)
    {
        overflow = false;
        compact64.Clear();

        // The outer length is skipped, not believed.
        if (der.Length < 2 || der[0] != 0x30)
            return false;

        var position = 2;
        var lengthByte = der[1];
        if ((lengthByte & 0x80) != 0)
        {
            var skipped = lengthByte - 0x80;
            if (skipped > der.Length - position)
                return false;
            position += skipped;
        }

        if (!TryReadInteger(der, ref position, out var r) || !TryReadInteger(der, ref position, out var s))
            return false;

        overflow = !TryPlace(r, compact64[..32]) | !TryPlace(s, compact64[32..64]);
        if (overflow)
            compact64.Clear();
        return true;
    }

    private static bool TryReadInteger(ReadOnlySpan<byte> der, ref int position, out ReadOnlySpan<byte> integer)
    {
        integer = default;
        if (der.Length - position < 2 || der[position] != 0x02)
            return false;

        int length = der[position + 1];
        position += 2;
        if ((length & 0x80) != 0)
        {
            var lengthBytes = length - 0x80;
            if (lengthBytes > der.Length - position)
                return false;
            while (lengthBytes > 0 && der[position] == 0)
            {
                position++;
                lengthBytes--;
            }

            // Three bytes already say more than any transaction holds.
            if (lengthBytes > 3)
                return false;

            length = 0;
            while (lengthBytes-- > 0)
                length = (length << 8) | der[position++];
        }

        if (length > der.Length - position)
            return false;

        integer = der.Slice(position, length);
        position += length;
        return true;
    }

    private static bool TryPlace(ReadOnlySpan<byte> integer, Span<byte> destination32)
    {
        integer = integer.TrimStart((byte)0);
        if (integer.Length > 32)
            return false;

        integer.CopyTo(destination32[(32 - integer.Length)..]);
        return true;
    }
}

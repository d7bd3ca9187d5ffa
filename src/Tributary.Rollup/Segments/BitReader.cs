namespace Tributary.Rollup.Segments;

/// <summary>Reads what <see cref="BitWriter"/> writes; false where the bytes end.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private long _position;

    public bool TryRead(int bits, out ulong value)
    {
        value = 0;
        if (bits > (8L * _bytes.Length) - _position)
            return false;
        for (var i = 0; i < bits;)
        {
            var skip = (int)(_position & 7);
            var take = Math.Min(8 - skip, bits - i);
            value |= (ulong)((_bytes[(int)(_position >> 3)] >> skip) & ((1 << take) - 1)) << i;
            i += take;
            _position += take;
        }

        return true;
    }

    /// <summary>Reads a gap below 2^<paramref name="maxBits"/>.</summary>
    public bool TryReadGap(int maxBits, out ulong value)
    {
        value = 0;
        var length = 0;
        while (true)
        {
            if (!TryRead(1, out var bit))
                return false;
            if (bit == 0)
                break;
            if (++length > maxBits)
                return false;
        }

        if (!TryRead(length, out var low))
            return false;
        value = ((1UL << length) | low) - 1;
        return value < 1UL << maxBits;
    }

    public bool TryReadBytes(int count, out byte[] bytes)
    {
        bytes = [];
        if (8L * count > (8L * _bytes.Length) - _position)
            return false;
        bytes = new byte[count];
        foreach (ref var value in bytes.AsSpan())
        {
            TryRead(8, out var bits);
            value = (byte)bits;
        }

        return true;
    }
}

using Tributary.Primitives.Bytes;

namespace Tributary.Rollup.Segments;

/// <summary>Writes numbers of any number of bits, lowest bit first.</summary>
internal ref struct BitWriter(ByteWriter writer)
{
    private readonly ByteWriter _writer = writer;
    private uint _pending;
    private int _count;

    public void Write(ulong value, int bits)
    {
        for (var i = 0; i < bits;)
        {
            var take = Math.Min(8 - _count, bits - i);
            _pending |= (uint)((value >> i) & ((1UL << take) - 1)) << _count;
            _count += take;
            i += take;
            if (_count == 8)
                Flush();
        }
    }

    /// <summary>A number that is most often 0, then small: of its successor the length in unary and the bits below the highest (Elias gamma).</summary>
    public void WriteGap(ulong value)
    {
        var length = System.Numerics.BitOperations.Log2(value + 1);
        Write((1UL << length) - 1, length);
        Write(0, 1);
        Write((value + 1) & ((1UL << length) - 1), length);
    }

    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
            Write(value, 8);
    }

    /// <summary>Fills the last byte up with zeros.</summary>
    public void Flush()
    {
        if (_count == 0)
            return;
        _writer.WriteByte((byte)_pending);
        (_pending, _count) = (0, 0);
    }
}

using System.Buffers.Binary;

namespace Tributary.Primitives.Bytes;

/// <summary>
/// Reads untrusted bytes forward without allocating or throwing: every method returns false, and leaves the position where it was,
/// when the bytes do not suffice or are not the one canonical encoding.
/// </summary>
public ref struct SpanReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Bytes consumed so far.</summary>
    public int Position { get; private set; }

    /// <summary>Bytes left.</summary>
    public readonly int Remaining => _bytes.Length - Position;

    /// <summary>True when nothing is left: a format without trailing bytes asks this last.</summary>
    public readonly bool IsAtEnd => Remaining == 0;

    /// <summary>What is left, without consuming it.</summary>
    public readonly ReadOnlySpan<byte> Rest => _bytes[Position..];

    /// <summary>A slice of what was already read, for hashing what was parsed.</summary>
    public readonly ReadOnlySpan<byte> Since(int start) => _bytes[start..Position];

    public bool TryReadByte(out byte value)
    {
        if (Remaining < 1)
        {
            value = 0;
            return false;
        }

        value = _bytes[Position++];
        return true;
    }

    public bool TryReadUInt16LittleEndian(out ushort value)
    {
        if (!BinaryPrimitives.TryReadUInt16LittleEndian(Rest, out value))
            return false;
        Position += sizeof(ushort);
        return true;
    }

    public bool TryReadUInt16BigEndian(out ushort value)
    {
        if (!BinaryPrimitives.TryReadUInt16BigEndian(Rest, out value))
            return false;
        Position += sizeof(ushort);
        return true;
    }

    public bool TryReadUInt32LittleEndian(out uint value)
    {
        if (!BinaryPrimitives.TryReadUInt32LittleEndian(Rest, out value))
            return false;
        Position += sizeof(uint);
        return true;
    }

    public bool TryReadUInt32BigEndian(out uint value)
    {
        if (!BinaryPrimitives.TryReadUInt32BigEndian(Rest, out value))
            return false;
        Position += sizeof(uint);
        return true;
    }

    public bool TryReadInt32LittleEndian(out int value)
    {
        if (!BinaryPrimitives.TryReadInt32LittleEndian(Rest, out value))
            return false;
        Position += sizeof(int);
        return true;
    }

    public bool TryReadUInt64LittleEndian(out ulong value)
    {
        if (!BinaryPrimitives.TryReadUInt64LittleEndian(Rest, out value))
            return false;
        Position += sizeof(ulong);
        return true;
    }

    public bool TryReadUInt64BigEndian(out ulong value)
    {
        if (!BinaryPrimitives.TryReadUInt64BigEndian(Rest, out value))
            return false;
        Position += sizeof(ulong);
        return true;
    }

    public bool TryReadInt64LittleEndian(out long value)
    {
        if (!BinaryPrimitives.TryReadInt64LittleEndian(Rest, out value))
            return false;
        Position += sizeof(long);
        return true;
    }

    public bool TryReadBytes(int count, out ReadOnlySpan<byte> value)
    {
        if (count < 0 || Remaining < count)
        {
            value = default;
            return false;
        }

        value = _bytes.Slice(Position, count);
        Position += count;
        return true;
    }

    public bool TryReadBytes32(out Bytes32 value)
    {
        if (!TryReadBytes(Bytes32.Length, out var bytes))
        {
            value = default;
            return false;
        }

        value = new Bytes32(bytes);
        return true;
    }

    public bool TrySkip(int count) => TryReadBytes(count, out _);

    /// <summary>Bitcoin's CompactSize (little endian, 1, 3, 5 or 9 bytes); an encoding longer than needed is refused.</summary>
    public bool TryReadCompactSize(out ulong value) => TryReadVariableLength(isBigEndian: false, out value);

    /// <summary>Lightning's BigSize (BOLT 1: as CompactSize, big endian); an encoding longer than needed is refused.</summary>
    public bool TryReadBigSize(out ulong value) => TryReadVariableLength(isBigEndian: true, out value);

    /// <summary>
    /// A CompactSize that counts elements still to be read, of which each takes at least <paramref name="leastElementBytes"/>:
    /// a count that the bytes present cannot hold is refused, so a caller may allocate by it.
    /// </summary>
    public bool TryReadCount(int leastElementBytes, out int count)
    {
        var start = Position;
        if (TryReadCompactSize(out var claimed) && claimed <= (ulong)(Remaining / Math.Max(1, leastElementBytes)))
        {
            count = (int)claimed;
            return true;
        }

        Position = start;
        count = 0;
        return false;
    }

    /// <summary>A CompactSize and that many bytes.</summary>
    public bool TryReadCompactSizeBytes(out ReadOnlySpan<byte> value)
    {
        var start = Position;
        if (TryReadCompactSize(out var length) && length <= (ulong)Remaining && TryReadBytes((int)length, out value))
            return true;

        Position = start;
        value = default;
        return false;
    }

    private bool TryReadVariableLength(bool isBigEndian, out ulong value)
    {
        var start = Position;
        value = 0;
        if (!TryReadByte(out var first))
            return false;

        var read = true;
        ulong least = 0;
        switch (first)
        {
            case 0xfd:
                read = TryReadUInt16LittleEndian(out var two);
                (value, least) = (isBigEndian ? BinaryPrimitives.ReverseEndianness(two) : two, 0xfd);
                break;
            case 0xfe:
                read = TryReadUInt32LittleEndian(out var four);
                (value, least) = (isBigEndian ? BinaryPrimitives.ReverseEndianness(four) : four, 0x1_0000);
                break;
            case 0xff:
                read = TryReadUInt64LittleEndian(out value);
                (value, least) = (isBigEndian ? BinaryPrimitives.ReverseEndianness(value) : value, 0x1_0000_0000);
                break;
            default:
                value = first;
                break;
        }

        if (read && value >= least)
            return true;

        Position = start;
        value = 0;
        return false;
    }
}

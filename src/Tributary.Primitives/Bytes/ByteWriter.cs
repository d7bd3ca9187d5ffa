using System.Buffers;
using System.Buffers.Binary;

namespace Tributary.Primitives.Bytes;

/// <summary>A growing buffer of bytes with the writers that mirror <see cref="SpanReader"/>. One owner; reusable after <see cref="Clear"/>.</summary>
public sealed class ByteWriter(int capacity = 256) : IBufferWriter<byte>
{
    private byte[] _buffer = new byte[Math.Max(16, capacity)];

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>What was written; valid until the next write.</summary>
    public ReadOnlySpan<byte> WrittenSpan => _buffer.AsSpan(0, Length);

    /// <summary>What was written; valid until the next write.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, Length);

    /// <summary>A copy of what was written.</summary>
    public byte[] ToArray() => WrittenSpan.ToArray();

    /// <summary>Forgets what was written and keeps the buffer. Not for secrets: the bytes stay in memory.</summary>
    public void Clear() => Length = 0;

    public void WriteByte(byte value) => Take(1)[0] = value;

    public void WriteUInt16LittleEndian(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Take(sizeof(ushort)), value);

    public void WriteUInt16BigEndian(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Take(sizeof(ushort)), value);

    public void WriteInt32LittleEndian(int value) => BinaryPrimitives.WriteInt32LittleEndian(Take(sizeof(int)), value);

    public void WriteUInt32LittleEndian(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(sizeof(uint)), value);

    public void WriteUInt32BigEndian(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Take(sizeof(uint)), value);

    public void WriteInt64LittleEndian(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(sizeof(long)), value);

    public void WriteUInt64LittleEndian(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Take(sizeof(ulong)), value);

    public void WriteUInt64BigEndian(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Take(sizeof(ulong)), value);

    public void WriteBytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    public void WriteBytes32(Bytes32 value) => WriteBytes(value.Span);

    /// <summary>Bitcoin's CompactSize, in its shortest form.</summary>
    public void WriteCompactSize(ulong value)
    {
        switch (value)
        {
            case < 0xfd:
                WriteByte((byte)value);
                break;
            case <= ushort.MaxValue:
                WriteByte(0xfd);
                WriteUInt16LittleEndian((ushort)value);
                break;
            case <= uint.MaxValue:
                WriteByte(0xfe);
                WriteUInt32LittleEndian((uint)value);
                break;
            default:
                WriteByte(0xff);
                WriteUInt64LittleEndian(value);
                break;
        }
    }

    /// <summary>A CompactSize and the bytes that it counts.</summary>
    public void WriteCompactSizeBytes(ReadOnlySpan<byte> bytes)
    {
        WriteCompactSize((ulong)bytes.Length);
        WriteBytes(bytes);
    }

    /// <summary>Lightning's BigSize (BOLT 1), in its shortest form.</summary>
    public void WriteBigSize(ulong value)
    {
        switch (value)
        {
            case < 0xfd:
                WriteByte((byte)value);
                break;
            case <= ushort.MaxValue:
                WriteByte(0xfd);
                WriteUInt16BigEndian((ushort)value);
                break;
            case <= uint.MaxValue:
                WriteByte(0xfe);
                WriteUInt32BigEndian((uint)value);
                break;
            default:
                WriteByte(0xff);
                WriteUInt64BigEndian(value);
                break;
        }
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _buffer.Length - Length);
        Length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Ensure(Math.Max(1, sizeHint));
        return _buffer.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    private Span<byte> Take(int count)
    {
        Ensure(count);
        var span = _buffer.AsSpan(Length, count);
        Length += count;
        return span;
    }

    private void Ensure(int count)
    {
        var needed = checked(Length + count);
        if (needed > _buffer.Length)
            Array.Resize(ref _buffer, Math.Max(needed, (int)Math.Min(Array.MaxLength, _buffer.Length * 2L)));
    }
}

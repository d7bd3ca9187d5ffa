using System.Buffers.Binary;
using System.Security.Cryptography;
using Tributary.Primitives.Bytes;

namespace Tributary.Intelligence.Journal.Format;

/// <summary>
/// The chain through all records: the value behind one is SHA-256 of the value before it (zeros before the first), its number (8 bytes, little
/// endian), its header and its body. Who keeps a value elsewhere can tell later whether anything before it was changed.
/// </summary>
internal struct RecordChain
{
    private byte[]? _buffer;

    /// <summary>The value behind the last record.</summary>
    public Bytes32 Value { get; set; }

    /// <summary>The value behind the next record.</summary>
    /// <param name="sequence">Its number.</param>
    /// <param name="record">Its header and its body.</param>
    public Bytes32 Next(ulong sequence, ReadOnlySpan<byte> record)
    {
        var length = Bytes32.Length + sizeof(ulong) + record.Length;
        if (_buffer is null || _buffer.Length < length)
            _buffer = new byte[Math.Max(length, 4_096)];
        Value.Span.CopyTo(_buffer);
        BinaryPrimitives.WriteUInt64LittleEndian(_buffer.AsSpan(Bytes32.Length), sequence);
        record.CopyTo(_buffer.AsSpan(Bytes32.Length + sizeof(ulong)));
        Span<byte> hash = stackalloc byte[Bytes32.Length];
        SHA256.HashData(_buffer.AsSpan(0, length), hash);
        return new Bytes32(hash);
    }
}

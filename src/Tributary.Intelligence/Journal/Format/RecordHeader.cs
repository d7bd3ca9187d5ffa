using System.Buffers.Binary;
using System.Numerics;

namespace Tributary.Intelligence.Journal.Format;

/// <summary>
/// What stands before a record's body, 40 bytes, little endian: magic "TJR1" (4), body length (4), sequence (8), time in microseconds since 1970 (8),
/// synced-through sequence (8), kind (1), version (1), zero (2), CRC-32C of the 36 bytes before it and of the body (4). Behind the body stands
/// the chain value, 32 bytes: SHA-256 of the 32 bytes before the record (the chain value of the one before it, or of the segment), the header and the
/// body.
/// </summary>
/// <param name="BodyLength">Bytes of the body.</param>
/// <param name="Sequence">The record's number, from 1, without gaps over all segments.</param>
/// <param name="TimeMicroseconds">When it was appended.</param>
/// <param name="SyncedThrough">The last record that was on disk for certain when this one was written: a hole before it is damage, not a torn tail.</param>
/// <param name="Kind">What the body holds.</param>
/// <param name="Version">The version of the body's layout.</param>
internal readonly record struct RecordHeader(int BodyLength, ulong Sequence, long TimeMicroseconds, ulong SyncedThrough, byte Kind, byte Version)
{
    /// <summary>Bytes of the header.</summary>
    public const int Length = 40;

    /// <summary>Bytes of the chain value behind the body.</summary>
    public const int ChainLength = 32;

    /// <summary>"TJR1".</summary>
    public const uint Magic = 0x31524a54;

    private const int ChecksumOffset = 36;

    /// <summary>Bytes of the whole record.</summary>
    public int RecordLength => Length + BodyLength + ChainLength;

    /// <summary>Writes the header with the checksum over itself and the body.</summary>
    public void Write(Span<byte> destination, ReadOnlySpan<byte> body)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(destination[4..], BodyLength);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[8..], Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(destination[16..], TimeMicroseconds);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[24..], SyncedThrough);
        destination[32] = Kind;
        destination[33] = Version;
        destination[34] = 0;
        destination[35] = 0;
        BinaryPrimitives.WriteUInt32LittleEndian(destination[ChecksumOffset..], Checksum(destination[..ChecksumOffset], body));
    }

    /// <summary>Reads a whole record. Total.</summary>
    /// <param name="bytes">What there is from the record's start.</param>
    /// <param name="header">The header, when the record is sound.</param>
    public static RecordStatus Read(ReadOnlySpan<byte> bytes, out RecordHeader header)
    {
        header = default;
        if (bytes.Length < Length)
            return RecordStatus.Cut;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic)
            return RecordStatus.Damaged;
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        if (length is < 0 or > JournalLimits.MaxBodyLength)
            return RecordStatus.Damaged;
        if (bytes.Length < Length + length + ChainLength)
            return RecordStatus.Cut;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumOffset..]) != Checksum(bytes[..ChecksumOffset], bytes.Slice(Length, length)))
            return RecordStatus.Damaged;
        header = new RecordHeader(
            length,
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]),
            bytes[32],
            bytes[33]);
        return RecordStatus.Sound;
    }

    internal static uint Checksum(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) => ~Accumulate(Accumulate(uint.MaxValue, first), second);

    private static uint Accumulate(uint crc, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        return crc;
    }
}

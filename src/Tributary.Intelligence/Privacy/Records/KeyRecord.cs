using System.Buffers.Binary;
using Tributary.Primitives.Bytes;

namespace Tributary.Intelligence.Privacy.Records;

/// <summary>
/// A record of the key file, 128 bytes, little endian, so that each lies within a sector: type (1), zero (3), number (8), other number (8), records that
/// were on disk for certain when it was written (8), locator (16), nonce (12), sealed key and pseudonym (48), tag (16), zero (4), CRC-32C of all before it
/// (4). What a record does not need is zero.
/// </summary>
/// <param name="Type">What it says.</param>
/// <param name="Number">The key's number; the person's in a link; the record's in an erasure; the generation in a header.</param>
/// <param name="Other">The identity's number in a link; how many records of the erasure follow.</param>
/// <param name="Synced">Records that were on disk for certain: damage before them is no torn tail.</param>
/// <param name="Locator">Finds the identity; how many records the erasure has.</param>
internal readonly record struct KeyRecord(KeyRecordType Type, long Number, long Other, long Synced, UInt128 Locator)
{
    public const int Length = 128;
    public const int AssociatedLength = 44;
    public const int NonceLength = 12;
    public const int SealedLength = 48;
    public const int TagLength = 16;

    private const int NonceOffset = AssociatedLength;
    private const int SealedOffset = NonceOffset + NonceLength;
    private const int TagOffset = SealedOffset + SealedLength;
    private const int ChecksumOffset = Length - sizeof(uint);

    /// <summary>What the seal also vouches for.</summary>
    public static ReadOnlySpan<byte> Associated(ReadOnlySpan<byte> record) => record[..AssociatedLength];

    public static Span<byte> Nonce(Span<byte> record) => record.Slice(NonceOffset, NonceLength);

    public static Span<byte> Sealed(Span<byte> record) => record.Slice(SealedOffset, SealedLength);

    public static Span<byte> Tag(Span<byte> record) => record.Slice(TagOffset, TagLength);

    /// <summary>Writes all but the seal and the checksum; the rest is zero.</summary>
    public void Write(Span<byte> record)
    {
        record[..Length].Clear();
        record[0] = (byte)Type;
        BinaryPrimitives.WriteInt64LittleEndian(record[4..], Number);
        BinaryPrimitives.WriteInt64LittleEndian(record[12..], Other);
        BinaryPrimitives.WriteInt64LittleEndian(record[20..], Synced);
        BinaryPrimitives.WriteUInt128LittleEndian(record[28..], Locator);
    }

    /// <summary>Closes a record that is written.</summary>
    public static void WriteChecksum(Span<byte> record) =>
        BinaryPrimitives.WriteUInt32LittleEndian(record[ChecksumOffset..], Crc32C.Of(record[..ChecksumOffset]));

    /// <summary>False where the bytes are no record. Total.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out KeyRecord record)
    {
        record = default;
        if (bytes.Length < Length || bytes[0] is < (byte)KeyRecordType.Key or > (byte)KeyRecordType.Complete
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumOffset..]) != Crc32C.Of(bytes[..ChecksumOffset]))
        {
            return false;
        }

        record = new KeyRecord(
            (KeyRecordType)bytes[0],
            BinaryPrimitives.ReadInt64LittleEndian(bytes[4..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[12..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[20..]),
            BinaryPrimitives.ReadUInt128LittleEndian(bytes[28..]));
        return true;
    }
}

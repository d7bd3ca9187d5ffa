using System.Buffers.Binary;
using Tributary.Primitives.Bytes;

namespace Tributary.Intelligence.Journal.Format;

/// <summary>
/// What stands at the start of a segment, 56 bytes, little endian: magic "TJS1" (4), segment number (4), sequence of its first record (8), CRC-32C of
/// the 16 bytes before it and the 32 at the end (4), zero (4), chain value before the first record (32).
/// </summary>
internal readonly record struct SegmentHeader(int Segment, ulong FirstSequence, Bytes32 Chain)
{
    /// <summary>Bytes of the header.</summary>
    public const int Length = ChainOffset + Bytes32.Length;

    private const uint Magic = 0x31534a54;
    private const int ChecksumOffset = 16;
    private const int ChainOffset = 24;

    public void Write(Span<byte> destination)
    {
        destination[..Length].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(destination[4..], Segment);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[8..], FirstSequence);
        Chain.Span.CopyTo(destination[ChainOffset..]);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[ChecksumOffset..], ChecksumOf(destination));
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, out SegmentHeader header)
    {
        header = default;
        if (bytes.Length < Length
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumOffset..]) != ChecksumOf(bytes))
            return false;
        header = new SegmentHeader(
            BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]), new Bytes32(bytes.Slice(ChainOffset, Bytes32.Length)));
        return true;
    }

    private static uint ChecksumOf(ReadOnlySpan<byte> bytes) => RecordHeader.Checksum(bytes[..ChecksumOffset], bytes.Slice(ChainOffset, Bytes32.Length));
}

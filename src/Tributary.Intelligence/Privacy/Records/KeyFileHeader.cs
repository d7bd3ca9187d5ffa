using System.Buffers.Binary;
using Tributary.Primitives.Bytes;

namespace Tributary.Intelligence.Privacy.Records;

/// <summary>
/// What stands before the records, in the places of a <see cref="KeyRecord"/>: magic "TRBKEYS" (7) and version (1), segment (4), the number of the next
/// key (8), zeros up to the seal, which holds the key of the locators, and the checksum.
/// </summary>
internal static class KeyFileHeader
{
    private const int ChecksumOffset = KeyRecord.Length - sizeof(uint);

    private static ReadOnlySpan<byte> Magic => "TRBKEYS\u0001"u8;

    public static void Write(Span<byte> header, int segment, long nextNumber)
    {
        header[..KeyRecord.Length].Clear();
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], segment);
        BinaryPrimitives.WriteInt64LittleEndian(header[12..], nextNumber);
    }

    public static bool TryRead(ReadOnlySpan<byte> header, int segment, out long nextNumber)
    {
        nextNumber = 0;
        if (header.Length < KeyRecord.Length || !header.StartsWith(Magic)
            || BinaryPrimitives.ReadInt32LittleEndian(header[8..]) != segment
            || BinaryPrimitives.ReadUInt32LittleEndian(header[ChecksumOffset..]) != Crc32C.Of(header[..ChecksumOffset]))
        {
            return false;
        }

        nextNumber = BinaryPrimitives.ReadInt64LittleEndian(header[12..]);
        return nextNumber > 0;
    }
}

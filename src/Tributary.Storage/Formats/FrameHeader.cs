using System.Buffers.Binary;
using Tributary.Primitives.Bytes;
using Tributary.Storage.Leases;
using Tributary.Storage.Logs;

namespace Tributary.Storage.Formats;

/// <summary>
/// What stands before each group of batches, 48 bytes, numbers little endian: magic, length of the body, generation, first sequence number,
/// last durable number, count of batches, checksum of the header before (the chain), checksum of the body, checksum of all that. The last one
/// starts from the log's id, the file's number and the offset, so that neither a record that holds a frame nor a stale block of the disk passes for one.
/// </summary>
/// <param name="BodyLength">Bytes behind the header.</param>
/// <param name="Generation">The writer.</param>
/// <param name="First">Number of the first batch.</param>
/// <param name="Durable">The last batch that was durable for certain when this was written: a hole up to there is damage, one behind it a crash.</param>
/// <param name="Batches">How many; 0 for the frame that a writer leaves when it closes.</param>
/// <param name="Chain">Checksum of the header before, of this file or the one before.</param>
/// <param name="BodyChecksum">Over the body.</param>
internal readonly record struct FrameHeader(int BodyLength, Generation Generation, LogSequence First, LogSequence Durable, int Batches, uint Chain, uint BodyChecksum)
{
    internal const int Length = 48;
    internal const uint Magic = 0x4654_4c47;

    private const int ChecksumAt = Length - sizeof(uint);

    /// <summary>The number behind the last batch.</summary>
    internal LogSequence Next => new(First.Value + (uint)Batches);

    /// <summary>Writes the header; returns its checksum, which the next one holds.</summary>
    internal uint Write(Span<byte> destination, LogId log, ulong file, long offset)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(destination[4..], BodyLength);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[8..], Generation.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[16..], First.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[24..], Durable.Value);
        BinaryPrimitives.WriteInt32LittleEndian(destination[32..], Batches);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[36..], Chain);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[40..], BodyChecksum);
        var checksum = Crc32C.Continue(Seed(log, file, offset), destination[..ChecksumAt]);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[ChecksumAt..], checksum);
        return checksum;
    }

    /// <summary>Reads a header that was written for this place; false for anything else.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> bytes, LogId log, ulong file, long offset, out FrameHeader header, out uint checksum)
    {
        (header, checksum) = (default, 0);
        if (bytes.Length < Length || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic)
            return false;
        checksum = BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumAt..]);
        if (checksum != Crc32C.Continue(Seed(log, file, offset), bytes[..ChecksumAt]))
            return false;
        header = new FrameHeader(
            BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]),
            new Generation(BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..])),
            new LogSequence(BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..])),
            new LogSequence(BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..])),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[32..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[36..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[40..]));
        return header.BodyLength >= 0 && header.Batches >= 0;
    }

    private static uint Seed(LogId log, ulong file, long offset) =>
        Crc32C.Continue(Crc32C.Continue(0, (ulong)log.Value, (ulong)(log.Value >> 64)), file, (ulong)offset);
}

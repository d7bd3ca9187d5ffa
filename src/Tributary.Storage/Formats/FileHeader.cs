using System.Buffers.Binary;
using System.Text;
using Tributary.Primitives.Bytes;
using Tributary.Storage.Errors;
using Tributary.Storage.Leases;
using Tributary.Storage.Logs;

namespace Tributary.Storage.Formats;

/// <summary>What a segment or a checkpoint begins with, 256 bytes with a checksum at the end, numbers little endian.</summary>
/// <param name="Kind">Segment or checkpoint.</param>
/// <param name="Purpose">What the log is for, in the words of its user; another purpose is refused.</param>
/// <param name="Log">The log.</param>
/// <param name="Number">Of the segment; for a checkpoint that of the first segment that may begin after it.</param>
/// <param name="Generation">Who began the file.</param>
/// <param name="First">The first batch that is in it; for a checkpoint the first that is not.</param>
/// <param name="PreviousLength">Where the segment before ends; what lies behind is no part of the log. 0 where there is none.</param>
/// <param name="Chain">Checksum of the last frame header before.</param>
internal sealed record FileHeader(
    FileKind Kind, string Purpose, LogId Log, ulong Number, Generation Generation, LogSequence First, long PreviousLength, uint Chain)
{
    internal const int Length = 256;
    internal const int PurposeBytesMax = 160;

    private const uint Version = 1;
    private const int ChecksumAt = Length - sizeof(uint);

    private static ReadOnlySpan<byte> Magic => "TribLog\n"u8;

    internal byte[] ToBytes()
    {
        var bytes = new byte[Length];
        var span = bytes.AsSpan();
        Magic.CopyTo(span);
        BinaryPrimitives.WriteUInt32LittleEndian(span[8..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(span[12..], (uint)Kind);
        BinaryPrimitives.WriteUInt128LittleEndian(span[16..], Log.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(span[32..], Number);
        BinaryPrimitives.WriteUInt64LittleEndian(span[40..], Generation.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(span[48..], First.Value);
        BinaryPrimitives.WriteInt64LittleEndian(span[56..], PreviousLength);
        BinaryPrimitives.WriteUInt32LittleEndian(span[64..], Chain);
        span[68] = (byte)Encoding.UTF8.GetBytes(Purpose, span.Slice(69, PurposeBytesMax));
        BinaryPrimitives.WriteUInt32LittleEndian(span[ChecksumAt..], Crc32C.Of(span[..ChecksumAt]));
        return bytes;
    }

    /// <summary>Reads a header, or says what is wrong with it.</summary>
    internal static StorageError? TryRead(ReadOnlySpan<byte> bytes, string file, FileKind kind, string? purpose, out FileHeader header)
    {
        header = null!;
        if (!bytes.StartsWith(Magic))
            return new StorageError(StorageErrorKind.Corrupt, file, 0, "does not begin as a log of this program does");
        if (bytes.Length >= 12 && BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]) is var version and not Version)
            return new StorageError(StorageErrorKind.Foreign, file, 8, $"has version {version}; this program reads version {Version}");
        if (bytes.Length < Length || BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumAt..]) != Crc32C.Of(bytes[..ChecksumAt]))
            return new StorageError(StorageErrorKind.Corrupt, file, 0, "the header is damaged");

        header = new FileHeader(
            (FileKind)BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]),
            Encoding.UTF8.GetString(bytes.Slice(69, Math.Min((int)bytes[68], PurposeBytesMax))),
            new LogId(BinaryPrimitives.ReadUInt128LittleEndian(bytes[16..])),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]),
            new Generation(BinaryPrimitives.ReadUInt64LittleEndian(bytes[40..])),
            new LogSequence(BinaryPrimitives.ReadUInt64LittleEndian(bytes[48..])),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[56..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[64..]));
        if (header.Kind != kind)
            return new StorageError(StorageErrorKind.Corrupt, file, 12, $"is a {header.Kind} under the name of a {kind}");
        return purpose is not null && !string.Equals(header.Purpose, purpose, StringComparison.Ordinal)
            ? new StorageError(StorageErrorKind.Foreign, file, 68, $"is a log for \"{header.Purpose}\", not for \"{purpose}\"")
            : null;
    }
}

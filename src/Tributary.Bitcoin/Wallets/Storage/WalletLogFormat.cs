using System.Buffers.Binary;
using System.Numerics;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Wallets.Storage;

/// <summary>
/// The bytes of a wallet log. A header of 16 bytes: magic "TribWlog", version, salt. Then one frame for each commit: magic, length of the
/// body, sequence number from 0, CRC-32C over those and the body, body; numbers are little endian. The body is records, each behind its
/// CompactSize. The salt starts the checksum, so that nobody can send a transaction that holds a frame which passes for one of the file's.
/// </summary>
internal static class WalletLogFormat
{
    internal const int HeaderLength = 16;
    internal const int FrameHeaderLength = 20;

    /// <summary>The largest commit in bytes.</summary>
    internal const int BodyLengthMax = 1 << 28;

    private const uint Version = 1;
    private const uint FrameMagic = 0x4d52_4654;

    private static ReadOnlySpan<byte> Magic => "TribWlog"u8;

    internal static byte[] Header(uint salt)
    {
        var header = new byte[HeaderLength];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), Version);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(12), salt);
        return header;
    }

    internal static byte[] Frame(uint salt, ulong sequence, IReadOnlyList<ReadOnlyMemory<byte>> records)
    {
        var body = new ByteWriter(FrameHeaderLength + 64);
        body.WriteBytes(stackalloc byte[FrameHeaderLength]);
        foreach (var record in records)
            body.WriteCompactSizeBytes(record.Span);

        var frame = body.ToArray();
        if (frame.Length - FrameHeaderLength > BodyLengthMax)
            throw new ArgumentException($"A commit takes at most {BodyLengthMax} bytes.", nameof(records));
        BinaryPrimitives.WriteUInt32LittleEndian(frame, FrameMagic);
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(4), frame.Length - FrameHeaderLength);
        BinaryPrimitives.WriteUInt64LittleEndian(frame.AsSpan(8), sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(16), Checksum(salt, frame));
        return frame;
    }

    /// <summary>
    /// Reads a log. Bytes after the last whole frame are a commit that was never acknowledged, unless a whole frame follows them: then
    /// the file is damaged, and nothing may be dropped without a person's say.
    /// </summary>
    internal static Result<Contents, Refusal> Read(ReadOnlyMemory<byte> file)
    {
        var bytes = file.Span;
        if (bytes.Length < HeaderLength)
            return IsCutHeader(bytes) ? new Contents([], 0, 0, 0) : new Refusal("wallet", "is not a wallet log");
        if (!bytes.StartsWith(Magic))
            return new Refusal("wallet", "is not a wallet log");
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]) is var version and not Version)
            return new Refusal("wallet.version", $"is {version}; this program reads version {Version}: upgrade it");

        var salt = BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]);
        var records = new List<ReadOnlyMemory<byte>>();
        var (position, sequence) = (HeaderLength, 0UL);
        while (TryReadFrame(salt, bytes, position, out var length, out var found) && found == sequence)
        {
            if (!TryReadRecords(file.Slice(position + FrameHeaderLength, length), records))
                return new Refusal("wallet", $"has a damaged commit at byte {position}: restore it from a backup");
            position += FrameHeaderLength + length;
            sequence++;
        }

        for (var later = position + 1; later <= bytes.Length - FrameHeaderLength; later++)
        {
            if (TryReadFrame(salt, bytes, later, out _, out _))
                return new Refusal("wallet", $"is damaged at byte {position}, before commits that are whole: restore it from a backup");
        }

        return new Contents(records, position, salt, sequence);
    }

    private static bool TryReadFrame(uint salt, ReadOnlySpan<byte> bytes, int position, out int length, out ulong sequence)
    {
        (length, sequence) = (0, 0);
        var rest = bytes[position..];
        if (rest.Length < FrameHeaderLength || BinaryPrimitives.ReadUInt32LittleEndian(rest) != FrameMagic)
            return false;

        length = BinaryPrimitives.ReadInt32LittleEndian(rest[4..]);
        sequence = BinaryPrimitives.ReadUInt64LittleEndian(rest[8..]);
        return length >= 0
            && length <= rest.Length - FrameHeaderLength
            && BinaryPrimitives.ReadUInt32LittleEndian(rest[16..]) == Checksum(salt, rest[..(FrameHeaderLength + length)]);
    }

    private static bool TryReadRecords(ReadOnlyMemory<byte> body, List<ReadOnlyMemory<byte>> records)
    {
        var reader = new SpanReader(body.Span);
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadCompactSizeBytes(out var record))
                return false;
            records.Add(body.Slice(reader.Position - record.Length, record.Length));
        }

        return true;
    }

    /// <summary>CRC-32C over everything of a frame but the checksum itself.</summary>
    private static uint Checksum(uint salt, ReadOnlySpan<byte> frame) => ~Update(Update(~salt, frame[..16]), frame[FrameHeaderLength..]);

    private static bool IsCutHeader(ReadOnlySpan<byte> bytes) => bytes.Length <= Magic.Length ? Magic.StartsWith(bytes) : bytes.StartsWith(Magic);

    private static uint Update(uint crc, ReadOnlySpan<byte> bytes)
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

    /// <summary>What a log holds.</summary>
    /// <param name="Records">In order.</param>
    /// <param name="Length">Bytes that are whole; 0 where not even the header is.</param>
    /// <param name="Salt">From the header.</param>
    /// <param name="NextSequence">The number of the next frame.</param>
    internal sealed record Contents(IReadOnlyList<ReadOnlyMemory<byte>> Records, int Length, uint Salt, ulong NextSequence);
}

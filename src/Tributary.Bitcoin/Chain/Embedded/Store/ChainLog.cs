using System.Buffers.Binary;
using System.Numerics;
using Tributary.Bitcoin.Blocks;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Chain.Embedded.Store;

/// <summary>
/// The embedded chain's only file: an append-only log. Everything that is acknowledged together is one frame with one checksum, so that a
/// crash leaves a frame whole or not at all.
/// <para>
/// Layout, little endian. File header: "TRIBCHN" and a zero byte, version (4), the network's genesis hash (32), CRC-32C of these 44 bytes (4).
/// Frame: "TRFR" (4), length (4), records, CRC-32C (4) over the frame's offset in the file (8), the length and the records. Record: kind (1),
/// length (4), payload.
/// </para>
/// <para>
/// A broken frame is the trace of a crash when nothing whole follows it, and is cut off: it was never acknowledged. When a whole frame follows,
/// the disk has lost what it had promised to keep, and the log refuses to open rather than forget blocks.
/// </para>
/// </summary>
internal sealed class ChainLog : IDisposable
{
    internal const int HeaderSize = 48;

    private const int Version = 1;
    private const uint FrameMagic = 0x52465254;
    private const int FrameHeaderSize = 8;
    private const int FrameOverhead = FrameHeaderSize + sizeof(uint);
    private const int RecordHeaderSize = 5;

    /// <summary>A frame is at most one block and its company, or many small blocks; a larger claim is damage.</summary>
    private const int FrameBytesMax = 64 << 20;

    private readonly ILogFile _file;
    private readonly ByteWriter _frame = new(64 * 1024);

    private ChainLog(ILogFile file) => _file = file;

    /// <summary>Receives the records of a log, in order. The payload is valid during the call.</summary>
    /// <returns>Null, or why the record can't be.</returns>
    internal delegate string? RecordHandler(LogRecordKind kind, long offset, ReadOnlySpan<byte> payload);

    /// <summary>Bytes appended and not yet committed.</summary>
    internal int PendingBytes => _frame.Length;

    private static ReadOnlySpan<byte> Magic => "TRIBCHN\0"u8;

    /// <summary>Opens a log, or begins one in an empty file. The log owns the file from here on; <see cref="Replay"/> comes next.</summary>
    internal static Result<ChainLog, Refusal> Open(ILogFile file, BlockHash genesis)
    {
        var log = new ChainLog(file);
        if (Guarded(() => log.ReadHeader(genesis)) is not { } refusal)
            return log;
        log.Dispose();
        return refusal;
    }

    /// <summary>Hands over every record, and cuts off what a crash left half-written.</summary>
    internal Refusal? Replay(RecordHandler handle) => Guarded(() => ReplayFrames(handle));

    /// <summary>Adds a record to the frame that the next <see cref="Commit"/> writes.</summary>
    /// <returns>Where the payload will lie, for <see cref="Read"/>.</returns>
    internal long Append(LogRecordKind kind, ReadOnlySpan<byte> payload)
    {
        _frame.WriteByte((byte)kind);
        _frame.WriteInt32LittleEndian(payload.Length);
        var offset = _file.Length + FrameHeaderSize + _frame.Length;
        _frame.WriteBytes(payload);
        return offset;
    }

    /// <summary>Writes the pending records as one frame and returns when they are durable.</summary>
    /// <exception cref="IOException">The disk refuses. What is durable is unknown: the log must be opened again.</exception>
    internal void Commit()
    {
        if (_frame.Length == 0)
            return;
        var whole = new byte[FrameOverhead + _frame.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(whole, FrameMagic);
        BinaryPrimitives.WriteInt32LittleEndian(whole.AsSpan(sizeof(uint)), _frame.Length);
        _frame.WrittenSpan.CopyTo(whole.AsSpan(FrameHeaderSize));
        BinaryPrimitives.WriteUInt32LittleEndian(whole.AsSpan(whole.Length - sizeof(uint)), Checksum(_file.Length, _frame.WrittenSpan));
        _file.Append(whole);
        _file.Flush();
        _frame.Clear();
    }

    /// <summary>The payload of a record, committed or pending.</summary>
    internal byte[] Read(long offset, int length)
    {
        var bytes = new byte[length];
        var pendingStart = _file.Length + FrameHeaderSize;
        if (offset >= pendingStart)
            _frame.WrittenSpan.Slice((int)(offset - pendingStart), length).CopyTo(bytes);
        else
            _file.Read(offset, bytes);
        return bytes;
    }

    public void Dispose() => _file.Dispose();

    private static Refusal? Guarded(Func<Refusal?> read)
    {
        try
        {
            return read();
        }
        catch (IOException exception)
        {
            return new Refusal("chain file", $"can't be read: {exception.Message}");
        }
    }

    private Refusal? ReadHeader(BlockHash genesis)
    {
        var expected = new byte[HeaderSize];
        Magic.CopyTo(expected);
        BinaryPrimitives.WriteInt32LittleEndian(expected.AsSpan(8), Version);
        genesis.Value.Span.CopyTo(expected.AsSpan(12));
        BinaryPrimitives.WriteUInt32LittleEndian(expected.AsSpan(44), Crc32C(0, expected.AsSpan(0, 44)));

        var found = new byte[(int)Math.Min(HeaderSize, _file.Length)];
        _file.Read(0, found);
        if (found.AsSpan().SequenceEqual(expected))
            return null;

        // A new file, or one whose very first write was cut short: nothing was acknowledged in it.
        if (_file.Length <= HeaderSize && (expected.AsSpan().StartsWith(found) || !found.AsSpan().ContainsAnyExcept((byte)0)))
        {
            _file.Truncate(0);
            _file.Append(expected);
            _file.Flush();
            return null;
        }

        if (!found.AsSpan().StartsWith(Magic))
            return new Refusal("chain file", "is no chain of this program");
        var version = BinaryPrimitives.ReadInt32LittleEndian(found.AsSpan(8));
        return version != Version
            ? new Refusal("chain file", $"has version {version}; this program reads version {Version}")
            : new Refusal("chain file", "belongs to another network, or its header is damaged");
    }

    private Refusal? ReplayFrames(RecordHandler handle)
    {
        long position = HeaderSize;
        var payload = Array.Empty<byte>();
        while (position < _file.Length)
        {
            if (!TryReadFrame(position, ref payload, out var length))
                return Recover(position);
            if (HandleFrame(position + FrameHeaderSize, payload.AsSpan(0, length), handle) is { } problem)
                return new Refusal("chain file", $"has a record at {position} that can't be: {problem}");
            position += FrameOverhead + length;
        }

        return null;
    }

    private bool TryReadFrame(long position, ref byte[] payload, out int length)
    {
        length = 0;
        Span<byte> word = stackalloc byte[FrameHeaderSize];
        if (_file.Length - position < FrameOverhead)
            return false;
        _file.Read(position, word);
        if (BinaryPrimitives.ReadUInt32LittleEndian(word) != FrameMagic)
            return false;
        length = BinaryPrimitives.ReadInt32LittleEndian(word[sizeof(uint)..]);
        if (length is <= 0 or > FrameBytesMax || length > _file.Length - position - FrameOverhead)
            return false;
        if (payload.Length < length)
            payload = new byte[Math.Max(length, Math.Min(FrameBytesMax, payload.Length * 2))];
        _file.Read(position + FrameHeaderSize, payload.AsSpan(0, length));
        _file.Read(position + FrameHeaderSize + length, word[..sizeof(uint)]);
        return BinaryPrimitives.ReadUInt32LittleEndian(word) == Checksum(position, payload.AsSpan(0, length));
    }

    private static string? HandleFrame(long offset, ReadOnlySpan<byte> frame, RecordHandler handle)
    {
        var reader = new SpanReader(frame);
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadByte(out var kind)
                || !reader.TryReadInt32LittleEndian(out var length)
                || !reader.TryReadBytes(length, out var payload))
                return "it is cut off";
            if (handle((LogRecordKind)kind, offset + reader.Position - length, payload) is { } problem)
                return problem;
        }

        return null;
    }

    /// <summary>Cuts a broken end off, unless a whole frame stands behind it.</summary>
    private Refusal? Recover(long position)
    {
        var payload = Array.Empty<byte>();
        var buffer = new byte[64 * 1024];
        Span<byte> magic = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(magic, FrameMagic);
        for (var at = position + 1; at + FrameOverhead <= _file.Length;)
        {
            var window = buffer.AsSpan(0, (int)Math.Min(buffer.Length, _file.Length - at));
            _file.Read(at, window);
            var found = window.IndexOf(magic);
            if (found < 0)
            {
                at += window.Length - (sizeof(uint) - 1);
                continue;
            }

            if (TryReadFrame(at + found, ref payload, out _))
                return new Refusal("chain file", $"is damaged at {position}, before data that is whole: restore it from a backup");
            at += found + 1;
        }

        _file.Truncate(position);
        return null;
    }

    private static uint Checksum(long offset, ReadOnlySpan<byte> records)
    {
        Span<byte> prefix = stackalloc byte[sizeof(long) + sizeof(int)];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, offset);
        BinaryPrimitives.WriteInt32LittleEndian(prefix[sizeof(long)..], records.Length);
        return Crc32C(Crc32C(0, prefix), records);
    }

    private static uint Crc32C(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }
}

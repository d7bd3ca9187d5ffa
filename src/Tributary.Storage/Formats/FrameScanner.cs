using System.Buffers;
using System.Buffers.Binary;
using Tributary.Primitives.Bytes;
using Tributary.Storage.Files;
using Tributary.Storage.Logs;

namespace Tributary.Storage.Formats;

/// <summary>
/// Reads the frames of one file forward and checks each: checksums, numbers without a gap, the chain, the writer. Memory is
/// bounded by the largest frame, which is bounded by the bytes there are.
/// </summary>
internal sealed class FrameScanner : IDisposable
{
    private const int WindowBytes = 64 * 1024;

    private readonly IStorageFile _file;
    private readonly FileHeader _fileHeader;
    private readonly long _limit;
    private readonly Queue<(LogSequence First, long Offset)> _uncertain = new();
    private byte[] _body = [];

    /// <param name="file">The file.</param>
    /// <param name="header">Its header, which says where numbers and chain begin.</param>
    /// <param name="limit">Where the log ends in this file; at most its length.</param>
    internal FrameScanner(IStorageFile file, FileHeader header, long limit)
    {
        _file = file;
        _fileHeader = header;
        _limit = limit;
        Position = FileHeader.Length;
        Next = header.Kind == FileKind.Segment ? header.First : new LogSequence(1);
        Chain = header.Chain;
    }

    /// <summary>Where the next frame begins: everything before is whole.</summary>
    internal long Position { get; private set; }

    /// <summary>Where the last frame begins; 0 before the first.</summary>
    internal long LastFrame { get; private set; }

    /// <summary>Where the first frame begins that no later one says to be durable; 0 before the first.</summary>
    internal long UncertainFrom => _uncertain.TryPeek(out var frame) ? frame.Offset : LastFrame;

    /// <summary>The number that the next batch must have.</summary>
    internal LogSequence Next { get; private set; }

    /// <summary>Checksum of the last header.</summary>
    internal uint Chain { get; private set; }

    internal FrameHeader Header { get; private set; }

    /// <summary>The last frame's body.</summary>
    internal ReadOnlySpan<byte> Body => _body.AsSpan(0, Header.BodyLength);

    /// <summary>Where that body begins.</summary>
    internal long BodyOffset => LastFrame + FrameHeader.Length;

    /// <summary>Why a frame that is whole cannot stand where it does.</summary>
    internal string? Fault { get; private set; }

    internal ScanOutcome Read()
    {
        if (Position >= _limit)
            return ScanOutcome.End;

        Span<byte> bytes = stackalloc byte[FrameHeader.Length];
        bytes = bytes[..(int)Math.Min(bytes.Length, _limit - Position)];
        if (_file.Read(Position, bytes) < bytes.Length
            || !FrameHeader.TryRead(bytes, _fileHeader.Log, _fileHeader.Number, Position, out var header, out var checksum)
            || header.BodyLength > _limit - Position - FrameHeader.Length)
            return ScanOutcome.Broken;

        Fault = FindFault(header);
        if (Fault is not null)
            return ScanOutcome.Impossible;

        Reserve(header.BodyLength);
        var body = _body.AsSpan(0, header.BodyLength);
        if (_file.Read(Position + FrameHeader.Length, body) < body.Length || Crc32C.Of(body) != header.BodyChecksum)
            return ScanOutcome.Broken;

        Header = header;
        LastFrame = Position;
        while (_uncertain.TryPeek(out var frame) && frame.First <= header.Durable)
            _uncertain.Dequeue();
        _uncertain.Enqueue((header.First, Position));
        Position += FrameHeader.Length + header.BodyLength;
        Next = header.Next;
        Chain = checksum;
        return ScanOutcome.Frame;
    }

    /// <summary>
    /// Finds a frame's header behind the place where reading broke off that says that what should stand there was durable before it was
    /// written: then this is damage, not a crash.
    /// </summary>
    internal long? FindHeaderBehind()
    {
        Span<byte> magic = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(magic, FrameHeader.Magic);
        var window = ArrayPool<byte>.Shared.Rent(WindowBytes);
        try
        {
            for (var at = Position + 1; at + FrameHeader.Length <= _limit;)
            {
                var bytes = window.AsSpan(0, (int)Math.Min(WindowBytes, _limit - at));
                bytes = bytes[.._file.Read(at, bytes)];
                var found = bytes.IndexOf(magic);
                var isCut = found >= 0 && bytes.Length - found < FrameHeader.Length && at + bytes.Length < _limit;
                if (found >= 0 && !isCut && FrameHeader.TryRead(bytes[found..], _fileHeader.Log, _fileHeader.Number, at + found, out var header, out _) && header.Durable >= Next)
                    return at + found;
                at += found < 0 ? Math.Max(1, bytes.Length - (sizeof(uint) - 1)) : isCut ? Math.Max(found, 1) : found + 1;
            }

            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(window);
        }
    }

    public void Dispose()
    {
        if (_body.Length > 0)
            ArrayPool<byte>.Shared.Return(_body);
        _body = [];
    }

    private string? FindFault(in FrameHeader header)
    {
        if (header.Chain != Chain)
            return "a group does not follow the one before it";
        if (header.First != Next)
            return $"batch {header.First} stands where batch {Next} belongs";
        return header.Generation != _fileHeader.Generation ? $"generation {header.Generation} wrote into a file of generation {_fileHeader.Generation}" : null;
    }

    private void Reserve(int length)
    {
        if (_body.Length >= length)
            return;
        Dispose();
        _body = ArrayPool<byte>.Shared.Rent(length);
    }
}

using Tributary.Primitives.Bytes;
using Tributary.Storage.Errors;
using Tributary.Storage.Files;
using Tributary.Storage.Formats;

namespace Tributary.Storage.Logs;

/// <summary>
/// Reads the batches of a log from the first to the last, a record at a time, beside whoever writes it, and holds no lock. Total on any bytes: it
/// ends, and <see cref="Fault"/> says where and why when it ended early. The oldest segments may have been removed; what is left must hang
/// together. Memory is bounded by the largest group.
/// </summary>
public sealed class LogReader : IDisposable
{
    private readonly IStorageDirectory _directory;
    private readonly string _purpose;
    private readonly List<string> _segments;
    private IStorageFile? _file;
    private FrameScanner? _scanner;
    private FileHeader? _header;
    private FileHeader? _following;
    private int _index;
    private int _position;
    private int _batch;
    private int _recordsLeft;

    /// <param name="directory">The log's folder.</param>
    /// <param name="purpose">What the log is for; another is a fault.</param>
    /// <exception cref="IOException">The folder cannot be listed.</exception>
    public LogReader(IStorageDirectory directory, string purpose)
    {
        (_directory, _purpose) = (directory, purpose);
        _segments = [.. directory.List().Where(static name => LogFiles.TryParseSegment(name, out _))];
    }

    /// <summary>Why the reading ended before the end of the log; null when it did not.</summary>
    public StorageError? Fault { get; private set; }

    /// <summary>The next record; false at the end or at a fault.</summary>
    /// <param name="batch">Its batch.</param>
    /// <param name="record">The record, valid until the next call.</param>
    public bool TryNext(out LogSequence batch, out ReadOnlySpan<byte> record)
    {
        batch = default;
        record = default;
        while (Fault is null)
        {
            try
            {
                if (_scanner is null)
                {
                    if (!TryOpenNext())
                        return false;
                }
                else if (TryReadRecord(out batch, out record))
                {
                    return true;
                }
                else if (Fault is null)
                {
                    ReadFrame();
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                Fault = new StorageError(StorageErrorKind.Unreadable, _directory.Location, null, $"cannot be read: {exception.Message}");
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _scanner?.Dispose();
        _file?.Dispose();
        (_scanner, _file) = (null, null);
    }

    private bool TryReadRecord(out LogSequence batch, out ReadOnlySpan<byte> record)
    {
        batch = default;
        record = default;
        if (_scanner!.LastFrame == 0 || _batch > _scanner.Header.Batches)
            return false;
        var reader = new SpanReader(_scanner.Body[_position..]);
        while (_recordsLeft == 0)
        {
            if (_batch++ == _scanner.Header.Batches)
                return false;
            if (!reader.TryReadInt32LittleEndian(out _recordsLeft) || _recordsLeft < 0)
                return Fail(_scanner.LastFrame, "a group is shorter than its batches");
        }

        if (!reader.TryReadCompactSizeBytes(out record))
            return Fail(_scanner.LastFrame, "a batch is shorter than its records");
        _recordsLeft--;
        _position += reader.Position;
        batch = new LogSequence(_scanner.Header.First.Value + (uint)_batch - 1);
        return true;
    }

    private void ReadFrame()
    {
        switch (_scanner!.Read())
        {
            case ScanOutcome.Frame:
                (_position, _batch, _recordsLeft) = (0, 0, 0);
                return;
            case ScanOutcome.End when _following is { } following && (following.Chain != _scanner.Chain || following.First != _scanner.Next):
                Fault = Corrupt(LogFiles.Segment(following.Number), 64, "does not continue the segment before it");
                return;
            case ScanOutcome.End:
                Dispose();
                return;
            default:
                var reason = _following is null
                    ? "is cut or damaged: a torn end, which opening the log for writing cuts off, or damage"
                    : "is damaged, and more segments follow";
                Fail(_scanner.Position, _scanner.Fault ?? reason);
                return;
        }
    }

    private bool TryOpenNext()
    {
        if (_index == _segments.Count)
            return false;
        var header = _following ?? ReadHeader(_segments[_index]);
        _index++;
        if (header is null)
            return false;
        _header = header;
        _following = _index < _segments.Count ? ReadHeader(_segments[_index]) : null;
        if (Fault is not null)
            return false;
        _file = _directory.Open(_segments[_index - 1], FileUse.Read);
        var isContinued = _following is { } following && following.Number == header.Number + 1;
        _scanner = new FrameScanner(_file, header, isContinued ? _following!.PreviousLength : _file.Length);
        (_position, _batch, _recordsLeft) = (0, 0, 0);
        return true;
    }

    private FileHeader? ReadHeader(string name)
    {
        using var file = _directory.Open(name, FileUse.Read);
        Span<byte> bytes = stackalloc byte[FileHeader.Length];
        Fault = FileHeader.TryRead(bytes[..file.Read(0, bytes)], $"{_directory.Location}/{name}", FileKind.Segment, _purpose, out var header);
        return Fault is null ? header : null;
    }

    private bool Fail(long offset, string reason)
    {
        Fault = Corrupt(LogFiles.Segment(_header!.Number), offset, reason);
        return false;
    }

    private StorageError Corrupt(string name, long offset, string reason) => new(StorageErrorKind.Corrupt, $"{_directory.Location}/{name}", offset, reason);
}

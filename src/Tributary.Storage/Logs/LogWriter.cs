using Tributary.Primitives.Bytes;
using Tributary.Storage.Errors;
using Tributary.Storage.Files;
using Tributary.Storage.Formats;
using Tributary.Storage.Leases;
using Tributary.Storage.Replicas;

namespace Tributary.Storage.Logs;

/// <summary>
/// The files of an open log as its writer sees them. It never appends to a segment that it has not begun itself: a writer that lost its lease
/// may still be about to write there. One caller at a time.
/// </summary>
internal sealed class LogWriter : IDisposable
{
    private readonly IStorageDirectory _directory;
    private readonly WriterLease _lease;
    private readonly LogOptions _options;
    private readonly ReplicaLink? _replica;
    private readonly List<SegmentEntry> _segments;
    private IStorageFile? _active;
    private long _position;
    private uint _chain;
    private ulong _nextSegment;
    private LogSequence _next;
    private long _checkpointBytes;
    private long _size;
    private bool _isRollDue;
    private LogSequence _durable;

    internal LogWriter(IStorageDirectory directory, WriterLease lease, LogOptions options, LogId log, LogScan scan, ReplicaLink? replica)
    {
        (_directory, _lease, _options, Log, _replica) = (directory, lease, options, log, replica);
        (_segments, _chain, _nextSegment, _next, _checkpointBytes) = (scan.Segments, scan.Chain, scan.NextSegment, scan.Next, scan.CheckpointBytes);
        _durable = scan.Through;
        ReplicaLost = replica?.Lost ?? new TaskCompletionSource<StorageStoppedException>().Task;
        Measure();
    }

    internal LogId Log { get; }

    /// <summary>The last batch that was written.</summary>
    internal LogSequence Through => new(_next.Value - 1);

    /// <summary>Completes when the log goes on without its replica.</summary>
    internal Task<StorageStoppedException> ReplicaLost { get; }

    internal Generation Generation => _lease.Generation;

    /// <summary>Bytes of checkpoint and segments.</summary>
    internal long Size => Interlocked.Read(ref _size);

    /// <summary>Writes a group behind all others. Still this writer's when the call returns, and durable if it is flushed.</summary>
    internal async ValueTask WriteAsync(CommitGroup group, bool isFlushed)
    {
        _lease.Check();
        if (_active is null || _isRollDue || _position >= _options.SegmentBytes)
            Roll();

        var header = new FrameHeader(group.BodyLength, Generation, group.First, _durable, group.Batches, _chain, Crc32C.Of(group.Body));
        var chain = header.Write(group.Frame, Log, _segments[^1].Header.Number, _position);
        group.Place(_segments[^1].Header.Number, _position);
        _active!.Write(_position, group.Frame);
        var flush = isFlushed ? _active.FlushAsync(CancellationToken.None) : ValueTask.CompletedTask;
        try
        {
            // Encrypted and written while the first disk is at work.
            if (_replica is not null)
                await _replica.AppendAsync(group.FrameMemory);
        }
        finally
        {
            await flush;
        }

        _lease.Check();
        if (isFlushed)
            _durable = new LogSequence(header.Next.Value - 1);
        _position += group.Frame.Length;
        (_chain, _next) = (chain, header.Next);
        _segments[^1] = _segments[^1] with { Length = _position, Last = new LogSequence(_next.Value - 1) };
        Measure();
    }

    /// <summary>Makes everything written durable.</summary>
    internal void Flush()
    {
        _active?.Flush();
        _durable = Through;
    }

    /// <summary>Removes segments that a checkpoint covers.</summary>
    internal void Retire(LogSequence through, long checkpointBytes)
    {
        _checkpointBytes = checkpointBytes;
        _isRollDue = true;
        if (_active is not null && _segments[^1].Last <= through)
        {
            _active.Dispose();
            _active = null;
            _replica?.End();
        }

        var kept = _active is null ? _segments.Count : _segments.Count - 1;
        var covered = _segments.Take(kept).TakeWhile(segment => segment.Last <= through).Count();
        foreach (var segment in _segments.Take(covered))
        {
            _directory.Remove(LogFiles.Segment(segment.Header.Number));
            _replica?.Remove(LogFiles.Segment(segment.Header.Number));
        }

        _segments.RemoveRange(0, covered);
        Measure();
    }

    /// <summary>The header of a checkpoint that is written now.</summary>
    internal FileHeader CheckpointHeader(LogSequence through) =>
        new(FileKind.Checkpoint, _options.Purpose, Log, Volatile.Read(ref _nextSegment), Generation, new LogSequence(through.Value + 1), 0, 0);

    /// <summary>
    /// Leaves an empty group behind the last one: it proves that the last one was flushed, so that damage there is not taken for a torn end.
    /// </summary>
    internal void Close()
    {
        if (_active is null)
            return;
        _lease.Check();
        if (_durable < Through)
            Flush();
        Span<byte> frame = stackalloc byte[FrameHeader.Length];
        new FrameHeader(0, Generation, _next, _durable, 0, _chain, Crc32C.Of([])).Write(frame, Log, _segments[^1].Header.Number, _position);
        _active.Write(_position, frame);
        _active.Flush();
        _replica?.Append(frame);
    }

    public void Dispose()
    {
        _active?.Dispose();
        _active = null;
        _replica?.Dispose();
    }

    /// <summary>The replica's copy of a checkpoint that has become current.</summary>
    internal void CopyCheckpoint(long length) => _replica?.Copy(_directory, LogFiles.Checkpoint, length);

    /// <summary>The files that make up the log now, with the bytes of each that count.</summary>
    internal List<(string Name, long Length)> Files()
    {
        var files = new List<(string, long)>();
        if (_checkpointBytes > 0)
            files.Add((LogFiles.Checkpoint, _checkpointBytes));
        files.AddRange(_segments.Select(static segment => (LogFiles.Segment(segment.Header.Number), segment.Length)));
        return files;
    }

    /// <summary>Begins a segment. It gets its name when its header is on disk, so that a name without a whole header is damage.</summary>
    private void Roll()
    {
        var previous = _segments.Count > 0 ? _segments[^1] : default;
        var header = new FileHeader(FileKind.Segment, _options.Purpose, Log, _nextSegment, Generation, _next, previous.Length, _chain);
        var name = LogFiles.Segment(header.Number);
        if (_directory.Exists(name))
            throw new LeaseLostException($"{_directory.Location}/{name} was begun by another writer.");

        // The new header says where the old segment ends: it must not say so of what may be lost.
        if (_durable < Through)
            Flush();
        _active?.Dispose();
        _active = null;
        _directory.Remove(name + LogFiles.Unfinished);
        var file = _directory.Create(name + LogFiles.Unfinished);
        try
        {
            file.Write(0, header.ToBytes());
            file.Flush();
            _directory.Rename(name + LogFiles.Unfinished, name);
            _directory.Sync();
        }
        catch
        {
            file.Dispose();
            throw;
        }

        _active = file;
        _replica?.Begin(header);
        _position = FileHeader.Length;
        _segments.Add(new SegmentEntry(header, _position, new LogSequence(_next.Value - 1)));
        _isRollDue = false;
        Volatile.Write(ref _nextSegment, header.Number + 1);
    }

    private void Measure()
    {
        var size = _checkpointBytes;
        foreach (var segment in _segments)
            size += segment.Length;
        Interlocked.Exchange(ref _size, size);
    }
}

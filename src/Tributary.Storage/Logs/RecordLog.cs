using System.Runtime.CompilerServices;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;
using Tributary.Storage.Backups;
using Tributary.Storage.Errors;
using Tributary.Storage.Files;
using Tributary.Storage.Formats;
using Tributary.Storage.Leases;
using Tributary.Storage.Replicas;

namespace Tributary.Storage.Logs;

/// <summary>
/// An append-only log of records for exactly one writer, with group commit: while one group of batches is on its way to disk the next one fills
/// up, and one flush serves all who wait. A failed write or flush, a full disk and a lost lease stop it for good. Safe to use from many threads;
/// the order of the calls is the order in the log.
/// </summary>
public sealed class RecordLog : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly IStorageDirectory _directory;
    private readonly WriterLease _lease;
    private readonly LogOptions _options;
    private readonly LogWriter _writer;
    private readonly AdmissionQueue _queue;
    private readonly SemaphoreSlim _checkpoints = new(1, 1);
    private readonly TaskCompletionSource<StorageStoppedException> _fatal = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer? _timer;
    private Task _commits = Task.CompletedTask;
    private CommitGroup? _inFlight;
    private Job? _job;
    private LogSequence _checkpointThrough;
    private ulong _durable;
    private bool _isCommitting;
    private bool _isFlushDue;
    private bool _isDisposed;

    private RecordLog(IStorageDirectory directory, WriterLease lease, LogOptions options, LogWriter writer, LogScan scan)
    {
        (_directory, _lease, _options, _writer) = (directory, lease, options, writer);
        _queue = new AdmissionQueue(options, scan.Next);
        _durable = scan.Through.Value;
        _checkpointThrough = scan.CheckpointThrough;
        ReplicaLost = writer.ReplicaLost;
        if (options.Flush is { Time: { } time, Interval: { } interval })
            _timer = time.CreateTimer(static state => ((RecordLog)state!).FlushSoon(), this, interval, interval);
        Recovery = new LogRecovery(writer.Log, lease.Generation, scan.CheckpointThrough, scan.Through, scan.TornBytes);
    }

    /// <summary>What opening found.</summary>
    public LogRecovery Recovery { get; }

    /// <summary>The log.</summary>
    public LogId Id => _writer.Log;

    /// <summary>This writer's number.</summary>
    public Generation Generation => _lease.Generation;

    /// <summary>
    /// Where the log is: the file that stands for its lock, which is made with the folder and never written. Who keeps it in the log finds out
    /// when the folder is opened as a copy, made by whatever means. Null where the file system does not tell.
    /// </summary>
    public FilePlace? Place => _directory.PlaceOf(WriterLease.LockName);

    /// <summary>The last batch that survives a loss of power for certain.</summary>
    public LogSequence DurableThrough => new(Volatile.Read(ref _durable));

    /// <summary>Bytes that opening reads: when they outgrow a checkpoint many times over, it is time for a new one.</summary>
    public long Size => _writer.Size;

    /// <summary>Completes when the log has stopped for good, with the reason. Whoever acts on the log's promises stops then.</summary>
    public Task<StorageStoppedException> Fatal => _fatal.Task;

    /// <summary>Completes when the log goes on without its replica (<see cref="ReplicaLoss.Degrades"/>), with the reason: an alarm is due.</summary>
    public Task<StorageStoppedException> ReplicaLost { get; }

    /// <summary>Opens a log, or begins one in an empty folder; its records are replayed before the call returns.</summary>
    /// <param name="directory">The folder, which the log has for itself.</param>
    /// <param name="options">Purpose and bounds.</param>
    /// <param name="entropy">For a new log's id.</param>
    /// <param name="replay">Receives the records.</param>
    public static Result<RecordLog, StorageError> Open(IStorageDirectory directory, LogOptions options, IEntropy entropy, ILogReplay replay) =>
        Open(directory, options, entropy, replay, mayBeCopy: false);

    internal static Result<RecordLog, StorageError> Open(
        IStorageDirectory directory, LogOptions options, IEntropy entropy, ILogReplay replay, bool mayBeCopy)
    {
        options.Validate();
        WriterLease? lease = null;
        ReplicaLink? replica = null;
        try
        {
            if (Refuse(directory, options, mayBeCopy) is { } refused)
                return refused;
            if (!WriterLease.Acquire(directory, options.Holder).TryGet(out lease, out var error))
                return error;

            var scan = new LogScan(directory, options.Purpose, replay, options.OpensAtEnd);
            if ((OpenReplica(directory, lease, options, entropy, out var id, out replica) ?? scan.Run() ?? Settle(directory, lease, scan)) is { } damage)
            {
                replica?.Dispose();
                lease.Dispose();
                return damage;
            }

            var writer = new LogWriter(directory, lease, options, scan.Log ?? id, scan, replica);
            return new RecordLog(directory, lease, options, writer, scan);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            replica?.Dispose();
            lease?.Dispose();
            return new StorageError(StorageErrorKind.Unreadable, directory.Location, null, $"cannot be opened: {exception.Message}");
        }
        catch
        {
            replica?.Dispose();
            lease?.Dispose();
            throw;
        }
    }

    /// <summary>Gives a batch its place in the order, without waiting.</summary>
    /// <returns>False when the bytes that wait for the disk are at their bound: append with <see cref="AppendAsync"/>, which waits for room.</returns>
    /// <exception cref="StorageStoppedException">The log has stopped.</exception>
    public bool TryAppend(LogBatch batch, out LogCommit commit)
    {
        Require(batch);
        lock (_lock)
        {
            RequireOpen();
            if (!_queue.TryAdd(batch, out commit))
                return false;
            StartCommitting();
            return true;
        }
    }

    /// <summary>Appends a batch: all of its records or none, durable with all before it when the call completes.</summary>
    /// <param name="batch">Records; copied once there is room for them.</param>
    /// <param name="cancellationToken">Ends the waiting. A batch that has its place is written nevertheless.</param>
    /// <exception cref="StorageStoppedException">The log has stopped; whether the batch is in it is unknown until it is opened anew.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<LogSequence> AppendAsync(LogBatch batch, CancellationToken cancellationToken)
    {
        Require(batch);
        cancellationToken.ThrowIfCancellationRequested();
        LogCommit commit;
        AdmissionQueue.Waiter? waiter = null;
        lock (_lock)
        {
            RequireOpen();
            if (!_queue.TryAdd(batch, out commit))
                waiter = _queue.Wait(batch);
            StartCommitting();
        }

        if (waiter is not null)
            commit = await AdmitAsync(waiter, cancellationToken);
        await commit.Durable.WaitAsync(cancellationToken);
        return commit.Sequence;
    }

    /// <summary>Reads a durable record again.</summary>
    /// <exception cref="IOException">It cannot be read; a checkpoint may have covered it.</exception>
    public byte[] Read(RecordLocation location) => Read(_directory, location);

    /// <summary>The same, while the log is being replayed.</summary>
    public static byte[] Read(IStorageDirectory directory, RecordLocation location)
    {
        var record = new byte[location.Length];
        using var file = directory.Open(LogFiles.Segment(location.Segment), FileUse.Read);
        return file.Read(location.Offset, record) == record.Length ? record : throw new EndOfStreamException();
    }

    /// <summary>
    /// Makes a snapshot the log's beginning and then removes the segments that it covers. Appending goes on meanwhile. The old beginning or the
    /// new one is there at any instant; the new one is durable when the call completes.
    /// </summary>
    /// <param name="through">The last batch whose effects are in the snapshot.</param>
    /// <param name="snapshot">Records that mean the same as the checkpoint before and all batches up to <paramref name="through"/>; enumerated once, by the caller's thread.</param>
    /// <param name="cancellationToken">Gives up while the snapshot is being written.</param>
    /// <exception cref="StorageStoppedException">The log has stopped.</exception>
    public async ValueTask CheckpointAsync(LogSequence through, IEnumerable<ReadOnlyMemory<byte>> snapshot, CancellationToken cancellationToken)
    {
        await _checkpoints.WaitAsync(cancellationToken);
        try
        {
            if (_options.OpensAtEnd)
                throw new InvalidOperationException("A log that is opened at its end takes no checkpoint.");
            if (through < _checkpointThrough)
                throw new ArgumentOutOfRangeException(nameof(through), through, $"The checkpoint covers {_checkpointThrough} already: batches behind {through} may be gone.");
            await DurableAsync(through);
            if (_options.ContinuesInline)
                await Task.Yield(); // A snapshot takes its time, and the thread of the disk has none.
            cancellationToken.ThrowIfCancellationRequested();
            if (through > DurableThrough)
                await BetweenGroupsAsync(Flush);
            var bytes = await WriteCheckpointAsync(through, snapshot, cancellationToken);
            _checkpointThrough = through;
            await BetweenGroupsAsync(() => _writer.Retire(through, bytes));
        }
        finally
        {
            _checkpoints.Release();
        }
    }

    /// <summary>
    /// Copies the log's files, as they are at one point between two commits, while it goes on. No checkpoint is taken meanwhile.
    /// </summary>
    /// <returns>The last batch that is in the copy.</returns>
    internal async ValueTask<LogSequence> CopyAsync(Action<LogSequence, IReadOnlyList<(string Name, long Length)>, IStorageDirectory> copy, CancellationToken cancellationToken)
    {
        await _checkpoints.WaitAsync(cancellationToken);
        try
        {
            List<(string, long)> files = [];
            LogSequence through = default;
            await BetweenGroupsAsync(() => (files, through) = (_writer.Files(), _writer.Through));
            copy(through, files, _directory);
            return through;
        }
        finally
        {
            _checkpoints.Release();
        }
    }

    /// <summary>Waits until everything appended is durable, and gives the log free for the next writer.</summary>
    public async ValueTask DisposeAsync()
    {
        Task commits;
        lock (_lock)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            commits = _commits;
        }

        if (_timer is not null)
            await _timer.DisposeAsync();
        await commits;
        await _checkpoints.WaitAsync(CancellationToken.None);
        try
        {
            if (!_fatal.Task.IsCompleted)
            {
                _writer.Close();
                Volatile.Write(ref _durable, _writer.Through.Value);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Nothing is lost that was promised: the frame is only an aid for who opens the log next.
            _fatal.TrySetResult(new StorageStoppedException($"The log in {_directory.Location} could not be closed: {exception.Message}", exception));
        }

        _writer.Dispose();
        _lease.Dispose();
        _checkpoints.Dispose();
    }

    /// <summary>Gives a log free that nothing was appended to.</summary>
    internal void Abandon()
    {
        _isDisposed = true;
        _writer.Dispose();
        _lease.Dispose();
    }

    /// <summary>Compares the replica with the log before anything is replayed: the log may get a group back.</summary>
    private static StorageError? OpenReplica(
        IStorageDirectory directory, WriterLease lease, LogOptions options, IEntropy entropy, out LogId id, out ReplicaLink? replica)
    {
        (id, replica) = (default, null);
        if (options.Replica is null)
        {
            id = LogId.New(entropy);
            return null;
        }

        var scan = new LogScan(directory, options.Purpose, null);
        if (scan.Run() is { } damage)
            return damage;
        id = scan.Log ?? LogId.New(entropy);
        return ReplicaLink.TryOpen(options.Replica, options.Holder, directory, id, lease.Generation, entropy, scan, out replica);
    }

    private static StorageError? Refuse(IStorageDirectory directory, LogOptions options, bool mayBeCopy)
    {
        if (!mayBeCopy && CopyMarker.Refuse(directory) is { } copy)
            return copy;
        var names = directory.List();
        var isLog = LogFiles.IsAny(names);
        if (!isLog && options.MustExist)
            return new StorageError(StorageErrorKind.Missing, directory.Location, null, "holds no log");
        if (!isLog && names.FirstOrDefault(static name => !LogFiles.IsHarmless(name)) is { } other)
            return new StorageError(StorageErrorKind.Foreign, $"{directory.Location}/{other}", null, "is in a folder that a log would need for itself");
        return isLog && !names.Contains(WriterLease.FileName, StringComparer.Ordinal)
            ? new StorageError(StorageErrorKind.Corrupt, $"{directory.Location}/{WriterLease.FileName}", null, "is missing")
            : null;
    }

    /// <summary>Makes what was read a state to go on from: the torn end is cut off, and the last group is durable for certain.</summary>
    private static StorageError? Settle(IStorageDirectory directory, WriterLease lease, LogScan scan)
    {
        if (scan.Generation >= lease.Generation)
        {
            return new StorageError(
                StorageErrorKind.Corrupt, $"{directory.Location}/{WriterLease.FileName}", 12, $"is behind the log, which generation {scan.Generation} wrote");
        }

        if (scan.Segments.Count > 0)
        {
            var last = scan.Segments[^1];
            using var file = directory.Open(LogFiles.Segment(last.Header.Number), FileUse.ReadWrite);
            if (file.Length > last.Length)
                file.Truncate(last.Length);

            // The flush of what comes last may have failed in the process before, and the kernel's cache shows what the disk does not have: a
            // failed flush marks pages clean. Written again they are flushed again.
            if (scan.UncertainFrom > 0)
                Rewrite(file, scan.UncertainFrom, last.Length);
            file.Flush();
        }

        foreach (var name in directory.List().Where(static name => name.EndsWith(LogFiles.Unfinished, StringComparison.Ordinal)).Concat(scan.Obsolete))
            directory.Remove(name);
        directory.Sync();
        return null;
    }

    private static void Rewrite(IStorageFile file, long from, long to)
    {
        var buffer = new byte[(int)Math.Min(to - from, 1 << 20)];
        while (from < to)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, to - from));
            if (file.Read(from, part) < part.Length)
                throw new EndOfStreamException();
            file.Write(from, part);
            from += part.Length;
        }
    }

    private void Require(LogBatch batch)
    {
        if (batch.Count == 0)
            throw new ArgumentException("A batch holds at least one record.", nameof(batch));
        if (batch.Length > _options.BatchBytesMax)
            throw new ArgumentException($"A batch takes at most {_options.BatchBytesMax} bytes.", nameof(batch));
    }

    private void RequireOpen()
    {
        if (_fatal.Task.IsCompletedSuccessfully)
            throw Stopped();
        ObjectDisposedException.ThrowIf(_isDisposed, this);
    }

    private StorageStoppedException Stopped()
    {
        var reason = _fatal.Task.GetAwaiter().GetResult();
        return new StorageStoppedException(reason.Message, reason.InnerException);
    }

    private static async ValueTask<LogCommit> AdmitAsync(AdmissionQueue.Waiter waiter, CancellationToken cancellationToken)
    {
        await using (cancellationToken.UnsafeRegister(
            static (state, token) => ((AdmissionQueue.Waiter)state!).Cancel(token), waiter))
            return await waiter.Admitted.Task;
    }

    private Task DurableAsync(LogSequence through)
    {
        lock (_lock)
        {
            RequireOpen();
            if (through <= DurableThrough)
                return Task.CompletedTask;
            if (_inFlight is { } group && through.Value < group.First.Value + (uint)group.Batches)
                return group.Durable;
            if (_queue.Filling is { } filling && through >= filling.First && through < _queue.Next)
                return filling.Durable;
            return through < _queue.Next
                ? Task.CompletedTask
                : throw new ArgumentOutOfRangeException(nameof(through), through, "There is no such batch.");
        }
    }

    private async ValueTask<long> WriteCheckpointAsync(LogSequence through, IEnumerable<ReadOnlyMemory<byte>> snapshot, CancellationToken cancellationToken)
    {
        try
        {
            _lease.Check();
            var bytes = await CheckpointFile.WriteAsync(_directory, _lease, _writer.CheckpointHeader(through), snapshot, cancellationToken);
            _writer.CopyCheckpoint(bytes);
            return bytes;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Stop(exception);
        }
    }

    /// <summary>Runs work between two groups. One caller at a time: whoever holds the semaphore of the checkpoints.</summary>
    private Task BetweenGroupsAsync(Action work)
    {
        var job = new Job(work);
        lock (_lock)
        {
            RequireOpen();
            _job = job;
            StartCommitting();
        }

        return job.Done.Task;
    }

    private void FlushSoon()
    {
        lock (_lock)
        {
            if (_isDisposed || _fatal.Task.IsCompleted)
                return;
            _isFlushDue = true;
            StartCommitting();
        }
    }

    private void Flush()
    {
        _writer.Flush();
        Volatile.Write(ref _durable, _writer.Through.Value);
    }

    // Under the lock. One loop writes at a time; it begins off the caller's stack.
    private void StartCommitting()
    {
        if (_isCommitting)
            return;
        _isCommitting = true;
        _commits = CommitUntilEmptyAsync();
    }

    private async Task CommitUntilEmptyAsync()
    {
        for (var isFirst = true; ; isFirst = false)
        {
            // Those who have just been told append again before the next group closes: it is the larger for it.
            if (!isFirst || !_options.ContinuesInline)
                await Task.Yield();
            Job? job;
            bool isFlushDue;
            lock (_lock)
            {
                (_inFlight, job, _job, isFlushDue, _isFlushDue) = (_queue.Take(), _job, null, _isFlushDue, false);
                if (_inFlight is null && job is null && !isFlushDue)
                {
                    _isCommitting = false;
                    return;
                }
            }

            try
            {
                if (_inFlight is { } group)
                    await CommitAsync(group, _options.Flush.IsEveryGroup);
                if (isFlushDue)
                    Flush();
                job?.Work();
                job?.Done.SetResult();
            }
            catch (Exception exception)
            {
                var stopped = Stop(exception);
                _inFlight?.Complete(stopped);
                job?.Done.SetException(stopped);
                return;
            }
        }
    }

    private async ValueTask CommitAsync(CommitGroup group, bool isFlushed)
    {
        await _writer.WriteAsync(group, isFlushed);
        lock (_lock)
        {
            if (isFlushed)
                Volatile.Write(ref _durable, group.First.Value + (uint)group.Batches - 1);
            _inFlight = null;
        }

        group.Complete(null);
    }

    /// <summary>Ends everything: who waits is told, and nobody is let in any more.</summary>
    private StorageStoppedException Stop(Exception cause)
    {
        var stopped = new StorageStoppedException($"The log in {_directory.Location} has stopped: {cause.Message}", cause);
        lock (_lock)
        {
            if (!_fatal.TrySetResult(stopped))
                return Stopped();
            _queue.Fail(stopped);
            _job?.Done.SetException(stopped);
            _job = null;
        }

        return stopped;
    }

    /// <summary>Work on the log's files that is done by the loop, which alone touches them.</summary>
    private sealed record Job(Action Work)
    {
        internal TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

using Tributary.Primitives.Contracts;
using Tributary.Storage.Errors;
using Tributary.Storage.Files;
using Tributary.Storage.Formats;
using Tributary.Storage.Leases;
using Tributary.Storage.Logs;

namespace Tributary.Storage.Replicas;

/// <summary>A log's hold on its replica: passes everything on, and applies the policy when that fails.</summary>
internal sealed class ReplicaLink : IDisposable
{
    private readonly ReplicaOptions _options;
    private readonly TaskCompletionSource<StorageStoppedException> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ReplicaWriter? _writer;

    private ReplicaLink(ReplicaOptions options) => _options = options;

    /// <summary>Completes when the log goes on without its replica.</summary>
    internal Task<StorageStoppedException> Lost => _lost.Task;

    /// <summary>
    /// Opens a replica and brings it to the state of the log, which has been read and not replayed yet. Where the replica has one group more, the
    /// log gets it back: nobody was told of it, or the log's own copy is damaged. More than one is a log that was set back, which is refused.
    /// </summary>
    internal static StorageError? TryOpen(
        ReplicaOptions options, string holder, IStorageDirectory primary, LogId log, Generation generation, IEntropy entropy, LogScan scan, out ReplicaLink link)
    {
        link = new ReplicaLink(options);
        try
        {
            var reconciliation = new ReplicaReconciliation(options, primary, scan, log);
            if (!options.Directory.TryLock("lock", holder, out var taken, out var heldBy))
                return link.Decide(new StorageError(StorageErrorKind.InUse, options.Directory.Location, null, $"is in use by {heldBy}"));
            if (reconciliation.Compare() is { } refused)
            {
                taken.Dispose();
                return refused;
            }

            link._writer = new ReplicaWriter(options, log, generation, entropy, taken);
            reconciliation.Apply(link._writer);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            link.Dispose();
            return link.Decide(new StorageError(StorageErrorKind.Unreadable, options.Directory.Location, null, $"cannot be written: {exception.Message}"));
        }
    }

    internal void Begin(FileHeader header) => Guard(writer => writer.Begin(header));

    internal void End() => Guard(static writer => writer.End());

    internal void Remove(string name) => Guard(writer => writer.Remove(name));

    internal void Copy(IStorageDirectory source, string name, long length) => Guard(writer => writer.Copy(source, name, length));

    /// <summary>Appends and flushes a frame.</summary>
    internal async Task AppendAsync(ReadOnlyMemory<byte> frame)
    {
        if (_writer is not { } writer)
            return;
        try
        {
            writer.Append(frame.Span);
            await writer.FlushAsync();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            Lose(exception);
        }
    }

    /// <summary>The same, blocking.</summary>
    internal void Append(ReadOnlySpan<byte> frame)
    {
        if (_writer is not { } writer)
            return;
        try
        {
            writer.Append(frame);
            writer.Flush();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            Lose(exception);
        }
    }

    public void Dispose()
    {
        // A copy that another thread is writing notices, and is lost with the rest.
        Interlocked.Exchange(ref _writer, null)?.Dispose();
    }

    private void Guard(Action<ReplicaWriter> action)
    {
        if (_writer is not { } writer)
            return;
        try
        {
            action(writer);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            Lose(exception);
        }
    }

    /// <summary>By the policy: goes on without the replica, or throws on.</summary>
    private void Lose(Exception cause)
    {
        var lost = new StorageStoppedException($"The replica in {_options.Directory.Location} is lost: {cause.Message}", cause);
        Dispose();
        if (_options.WhenLost == ReplicaLoss.Stops)
            throw lost;
        _lost.TrySetResult(lost);
    }

    private StorageError? Decide(StorageError error)
    {
        if (_options.WhenLost == ReplicaLoss.Stops)
            return error;
        _lost.TrySetResult(new StorageStoppedException($"The replica is lost: {error}", null));
        return null;
    }
}

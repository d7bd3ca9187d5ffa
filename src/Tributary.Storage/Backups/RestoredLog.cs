using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;
using Tributary.Storage.Errors;
using Tributary.Storage.Files;
using Tributary.Storage.Logs;

namespace Tributary.Storage.Backups;

/// <summary>
/// A copy of a log that a writer goes on with, knowing that it is one. Of a type of its own: who must not act on stale state takes a
/// <see cref="RecordLog"/> that <see cref="RecordLog.Open(IStorageDirectory, LogOptions, IEntropy, ILogReplay)"/> opened, which refuses this folder for ever.
/// </summary>
public sealed class RestoredLog : IAsyncDisposable
{
    private RestoredLog(RestoredFrom from, RecordLog log) => (From, Log) = (from, log);

    /// <summary>Where it comes from, and how far it was known to be true.</summary>
    public RestoredFrom From { get; }

    /// <summary>Takes what the writer does from here on.</summary>
    public RecordLog Log { get; }

    /// <summary>Opens a copy to go on with; a folder that is no copy is refused.</summary>
    public static Result<RestoredLog, StorageError> Open(IStorageDirectory directory, LogOptions options, IEntropy entropy, ILogReplay replay)
    {
        try
        {
            if (CopyMarker.TryRead(directory, out var from) is { } error)
                return error;
            if (from is null)
                return new StorageError(StorageErrorKind.Foreign, directory.Location, null, "is no copy of a log");
            if (!RecordLog.Open(directory, options with { MustExist = from.Through.Value > 0 }, entropy, replay, mayBeCopy: true).TryGet(out var log, out error))
                return error;
            if (log.Recovery.Through >= from.Through)
                return new RestoredLog(from, log);

            // Nothing was begun: the next opening finds the same.
            log.Abandon();
            return new StorageError(StorageErrorKind.Corrupt, directory.Location, null, $"ends with batch {log.Recovery.Through}; the copy went up to {from.Through}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new StorageError(StorageErrorKind.Unreadable, directory.Location, null, $"cannot be opened: {exception.Message}");
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Log.DisposeAsync();
}

using Tributary.Primitives.Results;
using Tributary.Storage.Errors;
using Tributary.Storage.Files;
using Tributary.Storage.Formats;
using Tributary.Storage.Leases;
using Tributary.Storage.Logs;

namespace Tributary.Storage.Backups;

/// <summary>
/// A log's copy, to be read: the state of <see cref="Generation"/> up to <see cref="Through"/>, and nobody knows what came after. No
/// <see cref="RecordLog"/>, so that it cannot be taken for the log in use.
/// </summary>
public sealed class StaleLog
{
    private readonly IStorageDirectory _directory;
    private readonly string _purpose;
    private readonly IReadOnlyList<(string Name, long Length)> _files;

    private StaleLog(IStorageDirectory directory, LogScan scan, CopyOrigin origin)
    {
        (_directory, _purpose, Origin) = (directory, scan.Purpose, origin);
        (Log, Generation, Through) = (scan.Log!.Value, scan.Generation, scan.Through);
        var files = scan.Segments.Select(static segment => (LogFiles.Segment(segment.Header.Number), segment.Length));
        _files = scan.CheckpointBytes > 0 ? [(LogFiles.Checkpoint, scan.CheckpointBytes), .. files] : [.. files];
    }

    /// <summary>What it is a copy of.</summary>
    public LogId Log { get; }

    /// <summary>Who wrote it.</summary>
    public Generation Generation { get; }

    /// <summary>The last batch in it.</summary>
    public LogSequence Through { get; }

    /// <summary>What it was made from.</summary>
    public CopyOrigin Origin { get; }

    /// <summary>Opens a folder that <see cref="LogBackup"/> made, to be read.</summary>
    public static Result<StaleLog, StorageError> OpenBackup(IStorageDirectory directory, string purpose)
    {
        try
        {
            if (CopyMarker.TryRead(directory, out var from) is { } error)
                return error;
            if (from is null)
                return new StorageError(StorageErrorKind.Foreign, directory.Location, null, "is no copy of a log");
            return Open(directory, purpose, from.Origin).Then<StaleLog>(
                copy => copy.Through < from.Through
                    ? new StorageError(StorageErrorKind.Corrupt, directory.Location, null, $"ends with batch {copy.Through}; the copy went up to {from.Through}")
                    : copy);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new StorageError(StorageErrorKind.Unreadable, directory.Location, null, $"cannot be read: {exception.Message}");
        }
    }

    /// <summary>Hands over what the copy holds.</summary>
    /// <returns>Null, or what is wrong.</returns>
    public StorageError? Replay(ILogReplay replay)
    {
        try
        {
            return new LogScan(_directory, _purpose, replay).Run();
        }
        catch (DamagedFileException damaged)
        {
            return damaged.Error;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new StorageError(StorageErrorKind.Unreadable, _directory.Location, null, $"cannot be read: {exception.Message}");
        }
    }

    /// <summary>Makes a folder of it that opens as a <see cref="RestoredLog"/>.</summary>
    /// <param name="target">An empty folder.</param>
    /// <param name="time">The clock, for the marker.</param>
    /// <exception cref="IOException">The folder is not empty, or cannot be written; what is in it is nothing.</exception>
    public RestoredFrom Restore(IStorageDirectory target, TimeProvider time)
    {
        var from = new RestoredFrom(Origin, Log, Generation, Through, time.GetUtcNow());
        LogCopy.Write(_directory, _files, target, from);
        return from;
    }

    internal static Result<StaleLog, StorageError> Open(IStorageDirectory directory, string purpose, CopyOrigin origin)
    {
        try
        {
            var scan = new LogScan(directory, purpose, null);
            if (scan.Run() is { } error)
                return error;
            return scan.Log is null
                ? new StorageError(StorageErrorKind.Missing, directory.Location, null, "holds no log")
                : new StaleLog(directory, scan, origin);
        }
        catch (DamagedFileException damaged)
        {
            return damaged.Error;
        }
    }
}

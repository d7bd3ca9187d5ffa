using Tributary.Primitives.Results;
using Tributary.Storage.Errors;
using Tributary.Storage.Files;
using Tributary.Storage.Logs;

namespace Tributary.Storage.Backups;

/// <summary>
/// Copies a log beside the process that writes it, as <see cref="LogBackup"/> does within it: only whole groups, and the copy is read from its
/// beginning to its end before it counts. A checkpoint that comes in between makes it begin anew.
/// </summary>
public static class LogSnapshot
{
    private const int TriesMax = 10;

    /// <summary>Copies a log as it is at some moment of the call. Put back in place of the log, the copy opens only as a <see cref="RestoredLog"/>.</summary>
    /// <param name="source">The log's folder.</param>
    /// <param name="target">An empty folder.</param>
    /// <param name="time">The clock, for the marker.</param>
    /// <returns>What the marker says, or why there is no copy.</returns>
    /// <exception cref="IOException">The folder is not empty, or cannot be written; what is in it is no backup.</exception>
    public static Result<RestoredFrom, StorageError> Create(IStorageDirectory source, IStorageDirectory target, TimeProvider time)
    {
        if (target.List().Count > 0)
            throw new IOException($"The folder {target.Location} is not empty.");
        for (var tries = 1; ; tries++)
        {
            var copied = TryCreate(source, target, time);
            if (copied.IsOk || copied.Error.Kind == StorageErrorKind.Missing || tries == TriesMax)
                return copied;
            foreach (var name in target.List())
                target.Remove(name);
        }
    }

    /// <summary>
    /// Takes the marker off: for a log whose older state harms nobody, so that it opens like the log in use. Never for channels: an old state of
    /// theirs is punished.
    /// </summary>
    public static void Unmark(IStorageDirectory copy)
    {
        copy.Remove(CopyMarker.FileName);
        copy.Sync();
    }

    private static Result<RestoredFrom, StorageError> TryCreate(IStorageDirectory source, IStorageDirectory target, TimeProvider time)
    {
        try
        {
            var scan = new LogScan(source, purpose: null, replay: null);
            if (scan.Run() is { } error)
                return error;
            if (scan.Log is not { } log)
                return new StorageError(StorageErrorKind.Missing, source.Location, null, "holds no log");
            var from = new RestoredFrom(CopyOrigin.Backup, log, scan.Generation, scan.Through, time.GetUtcNow());
            List<(string, long)> files = [.. scan.Segments.Select(static segment => (Formats.LogFiles.Segment(segment.Header.Number), segment.Length))];
            if (scan.CheckpointBytes > 0)
                files.Insert(0, (Formats.LogFiles.Checkpoint, scan.CheckpointBytes));
            LogCopy.Write(source, files, target, from);
            return StaleLog.OpenBackup(target, scan.Purpose).Then<RestoredFrom>(copy => copy.Log == log ? from : new StorageError(StorageErrorKind.Foreign, target.Location, null, "is of another log"));
        }
        catch (DamagedFileException damaged)
        {
            return damaged.Error;
        }
        catch (Exception exception) when (exception is FileNotFoundException or EndOfStreamException)
        {
            // A segment went while it was copied: a checkpoint has taken its place.
            return new StorageError(StorageErrorKind.Unreadable, source.Location, null, $"changed while it was copied: {exception.Message}");
        }
    }
}

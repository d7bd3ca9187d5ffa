using Tributary.Storage.Files;
using Tributary.Storage.Logs;

namespace Tributary.Storage.Backups;

/// <summary>Makes a copy of a log in use that is safe to restore: it is whole, and it says that it is a copy.</summary>
public static class LogBackup
{
    /// <summary>Copies a log as it is at one point between two commits, while it goes on. Put back in place of the log, the copy opens only as a <see cref="RestoredLog"/>.</summary>
    /// <param name="log">The log.</param>
    /// <param name="target">An empty folder.</param>
    /// <param name="time">The clock, for the marker.</param>
    /// <param name="cancellationToken">Ends the waiting for the point of the copy.</param>
    /// <returns>What the marker says.</returns>
    /// <exception cref="IOException">The folder is not empty, or cannot be written; what is in it is no backup.</exception>
    public static async ValueTask<RestoredFrom> CreateAsync(RecordLog log, IStorageDirectory target, TimeProvider time, CancellationToken cancellationToken)
    {
        RestoredFrom? from = null;
        await log.CopyAsync(
            (through, files, source) =>
            {
                from = new RestoredFrom(CopyOrigin.Backup, log.Id, log.Generation, through, time.GetUtcNow());
                LogCopy.Write(source, files, target, from);
            },
            cancellationToken);
        return from!;
    }
}

using Tributary.Primitives.Results;
using Tributary.Storage.Backups;
using Tributary.Storage.Errors;
using Tributary.Storage.Files;

namespace Tributary.Storage.Replicas;

/// <summary>Reads a replica again.</summary>
public static class ReplicaReader
{
    /// <summary>Decrypts and checks a replica. What comes back says how far it goes and is stale by its type: the log may have gone on without it.</summary>
    /// <param name="directory">The replica's folder.</param>
    /// <param name="key">Its key.</param>
    /// <param name="purpose">What the log is for.</param>
    public static Result<StaleLog, StorageError> Open(IStorageDirectory directory, ReplicaKey key, string purpose)
    {
        try
        {
            return StaleLog.Open(new DecryptedDirectory(directory, key, null), purpose, CopyOrigin.Replica);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new StorageError(StorageErrorKind.Unreadable, directory.Location, null, $"cannot be read: {exception.Message}");
        }
    }
}

using Tributary.Primitives.Results;
using Tributary.Storage.Files;

namespace Tributary.Rollup.Verification;

/// <summary>
/// A verifier's checkpoint in a folder: the old one or the new one is there at any instant, whole. One process has the folder.
/// </summary>
public sealed class CheckpointFolder : IDisposable
{
    private const string LockFile = "lock";

    // Who has or had the lock, as a folder on disk notes it.
    private const string HolderFile = "lock.holder";
    private const string FileName = "checkpoint";
    private const string Unfinished = "checkpoint.part";

    // What could not be gone on from, for whoever wants to know why.
    private const string Damaged = "checkpoint.damaged";

    private readonly IStorageDirectory _directory;
    private readonly IDisposable _lock;

    private CheckpointFolder(IStorageDirectory directory, IDisposable taken) => (_directory, _lock) = (directory, taken);

    /// <summary>Where it is, in words for people.</summary>
    public string Location => _directory.Location;

    /// <summary>Opens a folder; one that holds anything else is refused.</summary>
    public static Result<CheckpointFolder, Refusal> Open(IStorageDirectory directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        IDisposable? taken = null;
        try
        {
            if (directory.List().FirstOrDefault(static name => name is not (LockFile or HolderFile or FileName or Unfinished or Damaged)) is { } foreign)
                return new Refusal("checkpoint", $"{directory.Location} holds {foreign}, which is no verifier's");
            if (!directory.TryLock(LockFile, $"process {Environment.ProcessId}", out taken, out var heldBy))
                return new Refusal("checkpoint", $"{directory.Location} is in use by {heldBy}");
            directory.Remove(Unfinished);
            return new CheckpointFolder(directory, taken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            taken?.Dispose();
            return new Refusal("checkpoint", $"{directory.Location} can't be used: {exception.Message}");
        }
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>The bytes of the checkpoint; null where there is none yet.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal byte[]? Read()
    {
        if (!_directory.Exists(FileName))
            return null;
        using var file = _directory.Open(FileName, FileUse.Read);
        var bytes = new byte[checked((int)file.Length)];
        return file.Read(0, bytes) == bytes.Length ? bytes : throw new EndOfStreamException();
    }

    /// <summary>Puts a checkpoint in the place of the one before: it survives a loss of power when this returns.</summary>
    /// <exception cref="IOException">The disk failed or is full: the one before stays.</exception>
    internal void Write(ReadOnlySpan<byte> checkpoint)
    {
        _directory.Remove(Unfinished);
        using (var file = _directory.Create(Unfinished))
        {
            file.Write(0, checkpoint);
            file.Flush();
        }

        _directory.Rename(Unfinished, FileName);
        _directory.Sync();
    }

    /// <summary>Puts a checkpoint aside that is damaged: nothing goes on from it any more.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    internal void SetAside()
    {
        _directory.Remove(Damaged);
        _directory.Rename(FileName, Damaged);
        _directory.Sync();
    }

    /// <summary>Throws the checkpoint away: the chain that it stood on is gone.</summary>
    internal void Clear()
    {
        _directory.Remove(FileName);
        _directory.Sync();
    }
}

using Tributary.Primitives.Contracts;
using Tributary.Storage.Files;
using Tributary.Storage.Formats;
using Tributary.Storage.Leases;
using Tributary.Storage.Logs;

namespace Tributary.Storage.Replicas;

/// <summary>
/// Mirrors the files of a log into a second folder, each under its own name and key. The log's loop calls it, one call at a time; copies of
/// checkpoints may be written beside.
/// </summary>
internal sealed class ReplicaWriter(ReplicaOptions options, LogId log, Generation generation, IEntropy entropy, IDisposable taken) : IDisposable
{
    private const int CopyBytes = 1 << 20;

    private EncryptedFile? _active;

    private IStorageDirectory Directory => options.Directory;

    /// <summary>Begins the copy of a segment that the log has just begun.</summary>
    internal void Begin(FileHeader header)
    {
        _active?.Dispose();
        _active = null;
        var name = LogFiles.Segment(header.Number);
        var file = Create(name);
        try
        {
            file.Append(header.ToBytes());
            file.Flush();
            Publish(name);
            _active = file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Appends a frame to the copy of the active segment.</summary>
    internal void Append(ReadOnlySpan<byte> frame) => Active().Append(frame);

    internal ValueTask FlushAsync() => Active().FlushAsync(CancellationToken.None);

    internal void Flush() => Active().Flush();

    /// <summary>Ends the copy of the active segment.</summary>
    internal void End()
    {
        _active?.Dispose();
        _active = null;
    }

    internal void Remove(string name) => Directory.Remove(name + DecryptedDirectory.Suffix);

    /// <summary>Copies the beginning of a finished file, whatever the replica has under its name.</summary>
    internal void Copy(IStorageDirectory source, string name, long length)
    {
        using var from = source.Open(name, FileUse.Read);
        using (var to = Create(name))
        {
            var buffer = new byte[(int)Math.Min(CopyBytes, Math.Max(length, 1))];
            for (long position = 0; position < length;)
            {
                var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - position));
                if (from.Read(position, part) < part.Length)
                    throw new EndOfStreamException();
                to.Append(part);
                position += part.Length;
            }

            to.Flush();
        }

        Publish(name);
    }

    public void Dispose()
    {
        End();
        taken.Dispose();
    }

    private EncryptedFile Active() => _active ?? throw new InvalidOperationException("No segment is being copied.");

    private EncryptedFile Create(string name) =>
        EncryptedFile.Create(Directory, name, name + DecryptedDirectory.Suffix + LogFiles.Unfinished, (log, generation), options.Key, entropy);

    private void Publish(string name)
    {
        var encrypted = name + DecryptedDirectory.Suffix;
        Directory.Rename(encrypted + LogFiles.Unfinished, encrypted);
        Directory.Sync();
    }
}

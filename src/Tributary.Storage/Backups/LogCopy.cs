using Tributary.Storage.Files;
using Tributary.Storage.Leases;

namespace Tributary.Storage.Backups;

/// <summary>Writes the files of a log into an empty folder, under a marker.</summary>
internal static class LogCopy
{
    private const int PartBytes = 1 << 20;

    internal static void Write(IStorageDirectory source, IReadOnlyList<(string Name, long Length)> files, IStorageDirectory target, RestoredFrom from)
    {
        if (target.List().Count > 0)
            throw new IOException($"The folder {target.Location} is not empty.");
        CopyMarker.Write(target, from);
        foreach (var (name, length) in files)
            Copy(source, target, name, length);
        WriterLease.Write(target, from.Generation); // Syncs the folder too.
    }

    private static void Copy(IStorageDirectory source, IStorageDirectory target, string name, long length)
    {
        using var input = source.Open(name, FileUse.Read);
        using var output = target.Create(name);
        var buffer = new byte[(int)Math.Min(PartBytes, Math.Max(1, length))];
        for (long position = 0; position < length;)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - position));
            if (input.Read(position, part) < part.Length)
                throw new EndOfStreamException();
            output.Write(position, part);
            position += part.Length;
        }

        output.Flush();
    }
}

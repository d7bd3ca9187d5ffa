using Tributary.Storage.Errors;
using Tributary.Storage.Files;
using Tributary.Storage.Formats;
using Tributary.Storage.Logs;

namespace Tributary.Storage.Replicas;

/// <summary>Compares a replica with its log when the log is opened, and makes them equal.</summary>
internal sealed class ReplicaReconciliation(ReplicaOptions options, IStorageDirectory primary, LogScan scan, LogId log)
{
    private readonly DecryptedDirectory _replica = new(options.Directory, options.Key, log);

    /// <summary>What the replica lacks or has otherwise, with the bytes of each that count.</summary>
    private readonly List<(string Name, long Length)> _differing = [];

    private readonly List<string> _superfluous = [];

    /// <summary>Finds the differences; returns why the log must not be opened, or null. May give the log back a group that it lost.</summary>
    internal StorageError? Compare()
    {
        if (ReadReplica() is { } refused)
            return refused;

        var wanted = new SortedDictionary<string, long>(StringComparer.Ordinal);
        if (scan.CheckpointBytes > 0)
            wanted.Add(LogFiles.Checkpoint, scan.CheckpointBytes);
        foreach (var segment in scan.Segments)
            wanted.Add(LogFiles.Segment(segment.Header.Number), segment.Length);

        // The replica's last segment is copied in any case: its last flush may have failed, and then only the kernel's cache is equal.
        var last = _replica.List().LastOrDefault(static name => LogFiles.TryParseSegment(name, out _));
        foreach (var (name, length) in wanted)
        {
            if (string.Equals(name, last, StringComparison.Ordinal) || !IsEqual(name, length))
                _differing.Add((name, length));
        }

        _superfluous.AddRange(_replica.List().Where(name => !wanted.ContainsKey(name)));
        return null;
    }

    /// <summary>Makes the replica equal. The checkpoint comes before the removal of what it covers.</summary>
    internal void Apply(ReplicaWriter writer)
    {
        foreach (var (name, length) in _differing)
            writer.Copy(primary, name, length);
        foreach (var name in _superfluous)
            writer.Remove(name);
        foreach (var name in options.Directory.List().Where(static name => name.EndsWith(LogFiles.Unfinished, StringComparison.Ordinal)))
            options.Directory.Remove(name);
        options.Directory.Sync();
    }

    private StorageError? ReadReplica()
    {
        if (!LogFiles.IsAny(_replica.List()))
            return null;
        var copy = new LogScan(_replica, null, null);
        try
        {
            // A replica that cannot be read is made anew, unless the key is the reason: that would be the wrong folder or the wrong key.
            if (copy.Run() is not null)
                return null;
        }
        catch (DamagedFileException damaged) when (damaged.Error.Kind is not (StorageErrorKind.WrongKey or StorageErrorKind.Foreign))
        {
            return null;
        }
        catch (DamagedFileException damaged)
        {
            return damaged.Error;
        }

        if (copy.Through <= scan.Through)
            return null;
        if (!CanGiveBack(copy))
        {
            return new StorageError(
                StorageErrorKind.Corrupt,
                primary.Location,
                null,
                $"ends with batch {scan.Through} and its replica with batch {copy.Through}: the log was set back or has lost its end. Restore it from the replica");
        }

        GiveBack(copy);
        return null;
    }

    /// <summary>True when the replica goes on, by one group, just where the log ends.</summary>
    private bool CanGiveBack(LogScan copy) =>
        scan.Segments.Count > 0
        && copy.Segments.Count > 0
        && copy.Segments[^1].Header == scan.Segments[^1].Header
        && copy.LastFrame == scan.Segments[^1].Length
        && IsEqual(LogFiles.Segment(scan.Segments[^1].Header.Number), scan.Segments[^1].Length, isPrefix: true);

    private void GiveBack(LogScan copy)
    {
        var (name, from) = (LogFiles.Segment(copy.Segments[^1].Header.Number), scan.Segments[^1].Length);
        using var source = _replica.Open(name, FileUse.Read);
        using var file = primary.Open(name, FileUse.ReadWrite);
        var bytes = new byte[checked((int)(copy.Segments[^1].Length - from))];
        _ = source.Read(from, bytes);
        file.Write(from, bytes);
        file.Flush();
        scan.Segments[^1] = copy.Segments[^1];
    }

    private bool IsEqual(string name, long length, bool isPrefix = false)
    {
        try
        {
            using var copy = _replica.Open(name, FileUse.Read);
            using var file = primary.Open(name, FileUse.Read);
            if (copy.Length < length || (copy.Length > length && !isPrefix))
                return false;
            var (left, right) = (new byte[64 * 1024], new byte[64 * 1024]);
            for (long position = 0; position < length; position += left.Length)
            {
                var count = (int)Math.Min(left.Length, length - position);
                if (copy.Read(position, left.AsSpan(0, count)) != count
                    || file.Read(position, right.AsSpan(0, count)) != count
                    || !left.AsSpan(0, count).SequenceEqual(right.AsSpan(0, count)))
                    return false;
            }

            return true;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DamagedFileException)
        {
            return false;
        }
    }
}

using System.Globalization;
using Tributary.Storage.Backups;
using Tributary.Storage.Leases;

namespace Tributary.Storage.Formats;

/// <summary>The names of a log's files.</summary>
internal static class LogFiles
{
    internal const string Checkpoint = "checkpoint";

    /// <summary>Behind a name: a file that is not finished, and none of the log's.</summary>
    internal const string Unfinished = ".new";

    private const string Prefix = "segment-";
    private const string Suffix = ".log";

    internal static string Segment(ulong number) => $"{Prefix}{number:D10}{Suffix}";

    internal static bool TryParseSegment(string name, out ulong number)
    {
        number = 0;
        return name.Length > Prefix.Length + Suffix.Length
            && name.StartsWith(Prefix, StringComparison.Ordinal)
            && name.EndsWith(Suffix, StringComparison.Ordinal)
            && ulong.TryParse(name.AsSpan(Prefix.Length, name.Length - Prefix.Length - Suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && string.Equals(Segment(number), name, StringComparison.Ordinal);
    }

    /// <summary>True for a file that a folder may hold before there is a log in it.</summary>
    internal static bool IsHarmless(string name) =>
        name.EndsWith(Unfinished, StringComparison.Ordinal) || name.StartsWith(WriterLease.LockName, StringComparison.Ordinal) || name is WriterLease.FileName or CopyMarker.FileName;

    /// <summary>True when a folder holds anything of a log's but the lease.</summary>
    internal static bool IsAny(IReadOnlyList<string> names) =>
        names.Any(static name => string.Equals(name, Checkpoint, StringComparison.Ordinal) || TryParseSegment(name, out _));
}

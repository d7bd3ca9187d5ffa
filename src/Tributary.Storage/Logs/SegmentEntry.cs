using Tributary.Storage.Formats;

namespace Tributary.Storage.Logs;

/// <summary>A segment of an open log.</summary>
/// <param name="Header">Its header.</param>
/// <param name="Length">Where the log ends in it.</param>
/// <param name="Last">The last batch in it, or the one before its first when it is empty.</param>
internal readonly record struct SegmentEntry(FileHeader Header, long Length, LogSequence Last);

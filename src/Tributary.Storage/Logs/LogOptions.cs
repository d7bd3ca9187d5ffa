using System.Text;
using Tributary.Storage.Formats;
using Tributary.Storage.Replicas;

namespace Tributary.Storage.Logs;

/// <summary>How a log is written.</summary>
public sealed record LogOptions
{
    private const int BatchBytesLimit = 512 << 20;

    /// <summary>What the log is for and in which version of its records ("tributary.wallet/1"): at most 160 bytes. Opening a log of another purpose is refused.</summary>
    public required string Purpose { get; init; }

    /// <summary>Who opens it, in words that a second writer is refused with.</summary>
    public string Holder { get; init; } = $"process {Environment.ProcessId}";

    /// <summary>True to refuse a folder without a log, where a typing error would otherwise begin a new one.</summary>
    public bool MustExist { get; init; }

    /// <summary>A segment that has reached this size is closed; the next group begins a new one.</summary>
    public long SegmentBytes { get; init; } = 64L << 20;

    /// <summary>Bytes that may wait for the disk; whoever appends more waits for room.</summary>
    public int PendingBytesMax { get; init; } = 8 << 20;

    /// <summary>The largest batch in bytes.</summary>
    public int BatchBytesMax { get; init; } = 64 << 20;

    /// <summary>When a group is flushed.</summary>
    public FlushPolicy Flush { get; init; } = FlushPolicy.EveryGroup;

    /// <summary>
    /// True for a log that is only appended to and read by a <see cref="LogReader"/>: opening checks and replays its last segments alone, and
    /// lets older ones be missing. Such a log takes no checkpoint and has no replica.
    /// </summary>
    public bool OpensAtEnd { get; init; }

    /// <summary>
    /// True for a log whose one writer does little, and never blocks, when it is told that a group is durable: it is told on the thread that waited
    /// for the disk, and the first group after a pause is written by who appends it. Saves the waking of two threads for each flush.
    /// </summary>
    public bool ContinuesInline { get; init; }

    /// <summary>A second, encrypted folder that each commit goes to as well; null for none.</summary>
    public ReplicaOptions? Replica { get; init; }

    internal void Validate()
    {
        if (Encoding.UTF8.GetByteCount(Purpose) is 0 or > FileHeader.PurposeBytesMax)
            throw new InvalidOperationException($"A purpose takes 1 to {FileHeader.PurposeBytesMax} bytes.");
        if (SegmentBytes <= 0 || PendingBytesMax is <= 0 or > BatchBytesLimit || BatchBytesMax is <= 0 or > BatchBytesLimit)
            throw new InvalidOperationException($"The bounds of a log are positive, those of memory at most {BatchBytesLimit} bytes.");
        if (OpensAtEnd && Replica is not null)
            throw new InvalidOperationException("A log that is opened at its end has no replica: it would have to be read to be compared.");
    }
}

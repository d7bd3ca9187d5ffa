using Tributary.Storage.Logs;

namespace Tributary.Intelligence.Journal;

/// <summary>How a journal is written.</summary>
public sealed record JournalOptions
{
    /// <summary>When it is flushed.</summary>
    public FlushPolicy Flush { get; init; } = FlushPolicy.EveryGroup;

    /// <summary>A segment that has reached this size is closed; the next record begins a new one.</summary>
    public long SegmentBytes { get; init; } = 64L << 20;
}

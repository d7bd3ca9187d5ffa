namespace Tributary.Intelligence.Journal;

/// <summary>How a journal is written.</summary>
public sealed record JournalOptions
{
    /// <summary>When it is synced.</summary>
    public SyncPolicy Sync { get; init; } = SyncPolicy.EveryBatch;

    /// <summary>A segment that has reached this size is closed; the next record begins a new one.</summary>
    public long SegmentBytes { get; init; } = 64L << 20;
}

namespace Tributary.Intelligence.Journal;

/// <summary>When what was appended is made to survive a loss of power. Every choice survives the death of the process.</summary>
public sealed record SyncPolicy
{
    private SyncPolicy(TimeSpan? interval) => Interval = interval;

    /// <summary>An append returns when it is on disk; appends that wait at the same time share one sync. The default.</summary>
    public static SyncPolicy EveryBatch { get; } = new(TimeSpan.Zero);

    /// <summary>The operating system decides: a loss of power may take what it had not written yet.</summary>
    public static SyncPolicy Never { get; } = new(interval: null);

    /// <summary>Zero: with every batch. Null: never.</summary>
    public TimeSpan? Interval { get; }

    /// <summary>An append returns at once, and a loss of power may take what was appended in this time.</summary>
    public static SyncPolicy Every(TimeSpan interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        return new SyncPolicy(interval);
    }
}

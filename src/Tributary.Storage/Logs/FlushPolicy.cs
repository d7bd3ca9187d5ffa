namespace Tributary.Storage.Logs;

/// <summary>When what was appended is made to survive a loss of power. By every choice it survives the death of the process.</summary>
public sealed record FlushPolicy
{
    private FlushPolicy(TimeSpan? interval, TimeProvider? time) => (Interval, Time) = (interval, time);

    /// <summary>An append completes when it is on the medium; appends that wait at the same time share one flush. The default.</summary>
    public static FlushPolicy EveryGroup { get; } = new(TimeSpan.Zero, null);

    /// <summary>The operating system decides: a loss of power may take what it had not written yet.</summary>
    public static FlushPolicy Never { get; } = new(null, null);

    /// <summary>Zero: with every group. Null: never.</summary>
    public TimeSpan? Interval { get; }

    internal TimeProvider? Time { get; }

    internal bool IsEveryGroup => Interval == TimeSpan.Zero;

    /// <summary>An append completes when it is written, and a loss of power may take what was appended in this time.</summary>
    public static FlushPolicy Every(TimeSpan interval, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        return new FlushPolicy(interval, time);
    }
}

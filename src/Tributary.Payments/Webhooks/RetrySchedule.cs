namespace Tributary.Payments.Webhooks;

/// <summary>When a delivery that failed is tried again: after 5 s at first, each time twice as long, up to six hours, for three days.</summary>
public static class RetrySchedule
{
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(6);

    /// <summary>How long an event is tried.</summary>
    public static readonly TimeSpan GiveUpAfter = TimeSpan.FromDays(3);

    /// <summary>The time of the next try; null when it is given up.</summary>
    /// <param name="tries">How often it was tried, the last one included.</param>
    /// <param name="createdAt">When the event happened.</param>
    /// <param name="now">The time.</param>
    public static DateTimeOffset? Next(long tries, DateTimeOffset createdAt, DateTimeOffset now)
    {
        if (now - createdAt >= GiveUpAfter)
            return null;
        var pause = TimeSpan.FromTicks(s_first.Ticks << (int)Math.Min(tries - 1, 20));
        return now + (pause < s_longest ? pause : s_longest);
    }
}

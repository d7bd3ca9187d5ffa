using Tributary.Storage.Relational;

namespace Tributary.Payments.Storage;

/// <summary>When the objects of a list were made.</summary>
/// <param name="From">At this moment or later; null for any.</param>
/// <param name="Until">Before this moment; null for any.</param>
public readonly record struct CreatedSpan(DateTimeOffset? From, DateTimeOffset? Until)
{
    /// <summary>Was it made then?</summary>
    public bool Contains(DateTimeOffset at) => (From is null || at >= From) && (Until is null || at < Until);

    /// <summary>The condition on a column, which the program itself wrote; empty where every time will do.</summary>
    internal string Condition(string column) => IsAll ? "" : $" AND {column} >= @created_from AND {column} < @created_until";

    /// <summary>Adds the values of the condition.</summary>
    /// <param name="arguments">The statement's.</param>
    /// <param name="unitTicks">What the column counts, in ticks: microseconds or milliseconds.</param>
    internal void AddTo(SqlArguments arguments, long unitTicks = TimeSpan.TicksPerMicrosecond)
    {
        if (IsAll)
            return;
        arguments.Add("created_from", From is { } from ? UnitsUntil(from, unitTicks) : 0);
        arguments.Add("created_until", Until is { } until ? UnitsUntil(until, unitTicks) : long.MaxValue);
    }

    private bool IsAll => From is null && Until is null;

    // Microseconds since the year 1, as intents have them, and milliseconds since 1970, as times are stored elsewhere.
    private static long UnitsUntil(DateTimeOffset at, long unitTicks) =>
        unitTicks == TimeSpan.TicksPerMillisecond ? at.ToUnixTimeMilliseconds() : at.UtcTicks / unitTicks;
}

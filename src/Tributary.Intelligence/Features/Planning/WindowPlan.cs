namespace Tributary.Intelligence.Features.Planning;

/// <summary>
/// A window over a history: payments later than <c>now − AgeMs</c> that its head has passed. In an entity's state it has the sequence number of
/// its oldest cell, the time of that cell, and its totals.
/// </summary>
internal sealed class WindowPlan
{
    /// <summary>The age of a window over all time: nothing leaves it.</summary>
    public const long Ever = long.MaxValue;

    public required long DelayMs { get; init; }

    /// <summary>The delay plus the length, or <see cref="Ever"/>.</summary>
    public required long AgeMs { get; init; }

    /// <summary>The place of the sequence number of the oldest cell inside; the time of that cell (or <see cref="long.MaxValue"/>) is the next place.</summary>
    public required int Tail { get; init; }

    public int NextExpiry => Tail + 1;

    public required WindowColumn[] Columns { get; init; }

    public bool IsForever => AgeMs == Ever;
}

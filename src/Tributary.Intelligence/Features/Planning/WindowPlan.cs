namespace Tributary.Intelligence.Features.Planning;

/// <summary>
/// A window over a history: payments later than <c>now − AgeMs</c> that its head has passed. An entity's state has the sequence number of the oldest
/// cell inside and that cell's time, and totals, which at every moment are the sums over the cells inside.
/// </summary>
internal sealed class WindowPlan
{
    /// <summary>The age of a window over all time: nothing leaves it.</summary>
    public const long Ever = long.MaxValue;

    public required long DelayMs { get; init; }

    /// <summary>The delay plus the length, or <see cref="Ever"/>.</summary>
    public required long AgeMs { get; init; }

    /// <summary>The place of the sequence number of the oldest cell inside; unused over all time.</summary>
    public required int Tail { get; init; }

    /// <summary>The place of that cell's time, <see cref="long.MaxValue"/> while the window is empty.</summary>
    public int NextExpiry => Tail + 1;

    /// <summary>The place of the sequence number of the first cell that has not entered.</summary>
    public required int Limit { get; init; }

    /// <summary>Columns that add up: tallies, sums and losses.</summary>
    public required WindowColumn[] Sums { get; init; }

    /// <summary>Columns of 128 bits that add up.</summary>
    public required WindowColumn[] Squares { get; init; }

    /// <summary>Columns of which the greatest counts.</summary>
    public required WindowColumn[] Maxima { get; init; }

    public bool IsForever => AgeMs == Ever;
}

namespace Tributary.Intelligence.Features.Planning;

/// <summary>
/// A delay shared by windows. Its head passes a cell when the cell is as old as the delay; an entity's state has the sequence number of the first cell
/// not passed and that cell's time.
/// </summary>
internal sealed class HeadPlan
{
    public required long DelayMs { get; init; }

    /// <summary>The place of the sequence number of the first cell not passed.</summary>
    public required int Head { get; init; }

    /// <summary>The place of that cell's time, <see cref="long.MaxValue"/> when there is none.</summary>
    public int Next => Head + 1;

    /// <summary>The windows of this delay.</summary>
    public required WindowPlan[] Windows { get; init; }

    /// <summary>True for the label delay: outcomes become known here.</summary>
    public required bool IsLabelHead { get; init; }
}

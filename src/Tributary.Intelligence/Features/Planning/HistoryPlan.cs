namespace Tributary.Intelligence.Features.Planning;

/// <summary>
/// What is kept of each entity of a kind, and where: the layout of its state and of the cells of its history. What every payment reads comes first,
/// so that it lies on few cache lines.
/// </summary>
internal sealed class HistoryPlan
{
    // The fixed part of a state.
    public const int Zero = FeatureOp.Nowhere;
    public const int KeyHigh = 1;
    public const int KeyLow = 2;
    public const int LastTime = 3;
    public const int Ring = 4;
    public const int RingCapacity = 5;
    public const int Start = 6;
    public const int End = 7;
    public const int FirstTime = 8;
    public const int Place = 9;
    public const int PlaceTime = 10;
    public const int HeaderLength = 11;

    // The fixed part of a cell.
    public const int CellTime = 0;

    /// <summary>The id of the payment; of a merged cell that of its newest.</summary>
    public const int CellId = 1;

    /// <summary>The tally of all payments of the cell.</summary>
    public const int CellTally = 2;
    public const int CellHeaderLength = 3;

    /// <summary>"It has not happened", for times.</summary>
    public const long Never = -1;

    public required EntityKind Kind { get; init; }

    /// <summary>The columns; the first is <see cref="Column.All"/>.</summary>
    public required Column[] Columns { get; init; }

    /// <summary>The place of each column in a cell.</summary>
    public required int[] CellOffsets { get; init; }

    /// <summary>Numbers in a cell.</summary>
    public required int CellLength { get; init; }

    /// <summary>Windows that a payment enters at once.</summary>
    public required WindowPlan[] Immediate { get; init; }

    /// <summary>Delays, and the windows that payments enter after them.</summary>
    public required HeadPlan[] Heads { get; init; }

    /// <summary>Windows that payments leave: all but those over all time.</summary>
    public required WindowPlan[] Expiring { get; init; }

    public required WindowPlan[] AllWindows { get; init; }

    /// <summary>The places of the run of outcomes up to the label head, and of the run up to the oldest cell kept; 0 when runs are not kept.</summary>
    public required int Run { get; init; }

    public required int RunBase { get; init; }

    /// <summary>The place of the sequence number of the first cell whose outcomes are not known.</summary>
    public required int KnownUntil { get; init; }

    public required RecencyPlan[] Recencies { get; init; }

    public required MedianPlan[] Medians { get; init; }

    /// <summary>Numbers in a state.</summary>
    public required int StateLength { get; init; }

    /// <summary>Whether any feature reads outcomes of this kind.</summary>
    public required bool NeedsOutcomes { get; init; }

    /// <summary>Whether payments are counted at all: some kinds only need times and lists.</summary>
    public bool HasCells => AllWindows.Length > 0 || Run > 0;

    /// <summary>Whether cells are kept after they were counted: windows over all time without delay need none.</summary>
    public bool KeepsCells => Expiring.Length > 0 || Heads.Length > 0 || Run > 0;

    /// <summary>Whether outcomes count at once.</summary>
    public required bool IsKnownAtOnce { get; init; }
}

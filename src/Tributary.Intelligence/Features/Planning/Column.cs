namespace Tributary.Intelligence.Features.Planning;

/// <summary>A column of a history's cells.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Measure">The measure: <see cref="NoMeasure"/>, <see cref="Amount"/>, or from 1 on the measured features of the plan.</param>
/// <param name="Condition">The condition that a payment has to meet, an index into the plan's, or <see cref="Always"/>.</param>
internal readonly record struct Column(ColumnKind Kind, int Measure, int Condition)
{
    public const int NoMeasure = -1;

    public const int Amount = 0;

    public const int Always = -1;

    /// <summary>Every payment.</summary>
    public static Column All => new(ColumnKind.Tally, NoMeasure, Always);

    /// <summary>Numbers that it takes in a cell and in a window.</summary>
    public int Width => Kind == ColumnKind.SumOfSquares ? 2 : 1;

    /// <summary>Whether an outcome changes it.</summary>
    public bool DependsOnOutcome => Kind is ColumnKind.Tally or ColumnKind.Losses;
}

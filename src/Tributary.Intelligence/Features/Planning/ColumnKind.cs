namespace Tributary.Intelligence.Features.Planning;

/// <summary>What a column of a history's cells holds, as an integer that adds up.</summary>
internal enum ColumnKind : byte
{
    /// <summary>Payments in the lower half, those known to be fraud in the upper one: see <see cref="State.Tally"/>.</summary>
    Tally,

    /// <summary>The sum of a measure.</summary>
    Sum,

    /// <summary>The amount of payments known to be fraud.</summary>
    Losses,

    /// <summary>The sum of a measure's squares, 128 bits in two columns, low first.</summary>
    SumOfSquares,

    /// <summary>The greatest value of a measure; <see cref="long.MinValue"/> for none.</summary>
    Max,
}

using System.Runtime.CompilerServices;
using Tributary.Intelligence.Features.Planning;

namespace Tributary.Intelligence.Features.State;

/// <summary>
/// How a window's totals follow the cells that enter and leave it. Sums wrap: adding and taking away the same integers leaves exactly what was there
/// before, whatever the order, so a window that slid for a year equals one computed afresh, bit for bit.
/// </summary>
internal static class ColumnArithmetic
{
    /// <summary>A cell enters a window.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(WindowPlan window, Span<long> state, ReadOnlySpan<long> cell)
    {
        foreach (var column in window.Sums)
            state[column.Total] += cell[column.Cell];
        foreach (var column in window.Squares)
            SetWide(state, column.Total, Wide(state, column.Total) + Wide(cell, column.Cell));
        foreach (var column in window.Maxima)
            state[column.Total] = Math.Max(state[column.Total], cell[column.Cell]);
    }

    /// <summary>A cell leaves a window; true when the greatest values have to be found anew.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Subtract(WindowPlan window, Span<long> state, ReadOnlySpan<long> cell)
    {
        foreach (var column in window.Sums)
            state[column.Total] -= cell[column.Cell];
        foreach (var column in window.Squares)
            SetWide(state, column.Total, Wide(state, column.Total) - Wide(cell, column.Cell));
        var greatestLeft = false;
        foreach (var column in window.Maxima)
            greatestLeft |= cell[column.Cell] == state[column.Total] && cell[column.Cell] != long.MinValue;
        return greatestLeft;
    }

    /// <summary>The totals of an empty window.</summary>
    public static void Clear(WindowPlan window, Span<long> state)
    {
        foreach (var column in window.Sums)
            state[column.Total] = 0;
        foreach (var column in window.Squares)
            SetWide(state, column.Total, 0);
        foreach (var column in window.Maxima)
            state[column.Total] = long.MinValue;
    }

    /// <summary>A number of 128 bits, low half first.</summary>
    public static UInt128 Wide(ReadOnlySpan<long> numbers, int place) => new((ulong)numbers[place + 1], (ulong)numbers[place]);

    public static void SetWide(Span<long> numbers, int place, UInt128 value) =>
        (numbers[place], numbers[place + 1]) = ((long)(ulong)value, (long)(ulong)(value >> 64));
}

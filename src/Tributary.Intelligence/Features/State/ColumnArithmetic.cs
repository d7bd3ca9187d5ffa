using System.Runtime.CompilerServices;
using Tributary.Intelligence.Features.Planning;

namespace Tributary.Intelligence.Features.State;

/// <summary>
/// How columns add up. Sums wrap: adding and taking away the same integers leaves exactly what was there before, whatever the order, so a window
/// that slid for a year equals one computed afresh, bit for bit.
/// </summary>
internal static class ColumnArithmetic
{
    /// <summary>Adds a cell's column to a total, or to another cell's column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(ColumnKind kind, Span<long> totals, int total, ReadOnlySpan<long> cell, int column)
    {
        switch (kind)
        {
            case ColumnKind.SumOfSquares:
                var sum = Wide(totals, total) + Wide(cell, column);
                (totals[total], totals[total + 1]) = ((long)(ulong)sum, (long)(ulong)(sum >> 64));
                break;
            case ColumnKind.Max:
                totals[total] = Math.Max(totals[total], cell[column]);
                break;
            default:
                totals[total] += cell[column];
                break;
        }
    }

    /// <summary>Takes a cell's column out of a total; false when the total has to be found anew: the greatest value may have left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Subtract(ColumnKind kind, Span<long> totals, int total, ReadOnlySpan<long> cell, int column)
    {
        switch (kind)
        {
            case ColumnKind.SumOfSquares:
                var sum = Wide(totals, total) - Wide(cell, column);
                (totals[total], totals[total + 1]) = ((long)(ulong)sum, (long)(ulong)(sum >> 64));
                return true;
            case ColumnKind.Max:
                return cell[column] == long.MinValue || cell[column] < totals[total];
            default:
                totals[total] -= cell[column];
                return true;
        }
    }

    /// <summary>The total of nothing.</summary>
    public static void Clear(ColumnKind kind, Span<long> totals, int total)
    {
        totals[total] = kind == ColumnKind.Max ? long.MinValue : 0;
        if (kind == ColumnKind.SumOfSquares)
            totals[total + 1] = 0;
    }

    /// <summary>A sum of squares.</summary>
    public static UInt128 Wide(ReadOnlySpan<long> numbers, int place) => new((ulong)numbers[place + 1], (ulong)numbers[place]);
}

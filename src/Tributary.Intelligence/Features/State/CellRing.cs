using System.Runtime.CompilerServices;
using Tributary.Intelligence.Features.Planning;

namespace Tributary.Intelligence.Features.State;

/// <summary>The cells of one entity's history, by sequence number; the ring's length is a power of two.</summary>
internal readonly ref struct CellRing(Span<long> numbers, int cellLength, int mask)
{
    private readonly Span<long> _numbers = numbers;

    /// <summary>The numbers of a cell.</summary>
    public Span<long> this[long sequence]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _numbers.Slice(((int)sequence & mask) * cellLength, cellLength);
    }

    /// <summary>The time of a cell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Time(long sequence) => _numbers[(((int)sequence & mask) * cellLength) + HistoryPlan.CellTime];

    /// <summary>The first cell from <paramref name="start"/> to <paramref name="end"/> that is not older than a time.</summary>
    public long FirstFrom(long timeMs, long start, long end)
    {
        while (start < end)
        {
            var middle = start + ((end - start) >> 1);
            if (Time(middle) < timeMs)
                start = middle + 1;
            else
                end = middle;
        }

        return start;
    }
}

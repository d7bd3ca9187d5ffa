using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Chain.Embedded.Pool;

/// <summary>
/// What miners get out of transactions, by how much room they give them: chunks of fees and sizes, the best feerate first. A replacement
/// by a package must lie above what it replaces everywhere it differs (Bitcoin Core's feerate diagram).
/// </summary>
internal static class FeerateDiagram
{
    /// <summary>The chunks of a family of at most two: together where the child lifts its parent, else apart.</summary>
    internal static IEnumerable<Chunk> ChunksOf(PoolEntry parent, PoolEntry child)
    {
        var (first, second) = (new Chunk(parent.Fee, parent.VirtualSize), new Chunk(child.Fee, child.VirtualSize));
        return second.IsBetterThan(first) ? [first + second] : [first, second];
    }

    /// <summary>Is the first diagram never below the second and somewhere above it?</summary>
    internal static bool Improves(IEnumerable<Chunk> now, IEnumerable<Chunk> before)
    {
        var (upper, lower) = (Points(now), Points(before));
        var isAbove = false;
        foreach (var size in upper.Concat(lower).Select(static point => point.Size).Distinct())
        {
            // Where a line ends it goes on level: no more fees.
            var difference = CompareAt(upper, lower, size);
            if (difference < 0)
                return false;
            isAbove |= difference > 0;
        }

        return isAbove;
    }

    private static List<(long Size, long Fee)> Points(IEnumerable<Chunk> chunks)
    {
        var points = new List<(long Size, long Fee)> { (0, 0) };
        foreach (var chunk in chunks.Order(Comparer<Chunk>.Create(static (a, b) => a.IsBetterThan(b) ? -1 : b.IsBetterThan(a) ? 1 : 0)))
            points.Add((points[^1].Size + chunk.VirtualSize, points[^1].Fee + chunk.Fee.Value));
        return points;
    }

    private static int CompareAt(List<(long Size, long Fee)> upper, List<(long Size, long Fee)> lower, long size)
    {
        var (a, aSize) = ValueAt(upper, size);
        var (b, bSize) = ValueAt(lower, size);
        return (a * bSize).CompareTo(b * aSize);
    }

    /// <summary>The height of a line at a size, as a fraction: two lines are compared exactly.</summary>
    private static (Int128 Numerator, long Denominator) ValueAt(List<(long Size, long Fee)> points, long size)
    {
        for (var i = 1; i < points.Count; i++)
        {
            if (size > points[i].Size)
                continue;
            var (start, end) = (points[i - 1], points[i]);
            var width = end.Size - start.Size;
            return (((Int128)start.Fee * width) + ((Int128)(end.Fee - start.Fee) * (size - start.Size)), width);
        }

        return (points[^1].Fee, 1);
    }

    /// <summary>Transactions that miners take together.</summary>
    internal readonly record struct Chunk(Satoshis Fee, long VirtualSize)
    {
        internal bool IsBetterThan(Chunk other) => (Int128)Fee.Value * other.VirtualSize > (Int128)other.Fee.Value * VirtualSize;

        public static Chunk operator +(Chunk left, Chunk right) => new(left.Fee + right.Fee, left.VirtualSize + right.VirtualSize);
    }
}

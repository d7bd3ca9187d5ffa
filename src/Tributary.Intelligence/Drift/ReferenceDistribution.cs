using System.Collections.Immutable;
using Tributary.Intelligence.Data;
using Tributary.Intelligence.Models;

namespace Tributary.Intelligence.Drift;

/// <summary>
/// How often a quantity fell into each of some bins. Numeric: the bin up to each point, the bin above the last, the bin of missing values. Categorical: the bin
/// of each code among the points, of all other codes, and of missing values.
/// </summary>
/// <param name="Name">The feature, "score" or "label".</param>
/// <param name="Kind">How points are read.</param>
/// <param name="Points">Ascending bounds, or codes.</param>
/// <param name="Counts">Rows of each bin.</param>
public sealed record ReferenceDistribution(string Name, FeatureKind Kind, ImmutableArray<float> Points, ImmutableArray<long> Counts)
{
    /// <summary>Codes with a bin of their own at most.</summary>
    private const int MaxCodes = 30;

    /// <summary>Rows in all.</summary>
    public long Total => Counts.Sum();

    /// <summary>The distribution of a column over bins of equal shares of it.</summary>
    /// <param name="name">The feature, "score" or "label".</param>
    /// <param name="kind">How values are read.</param>
    /// <param name="column">The values.</param>
    /// <param name="bins">Bins of a numeric column, besides that of missing values; fewer come out when values repeat.</param>
    public static ReferenceDistribution Of(string name, FeatureKind kind, ReadOnlySpan<float> column, int bins = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        ImmutableArray<float> points = kind == FeatureKind.Numeric ? Quantiles(column, bins) : FrequentCodes(column);
        var counts = new long[BinCount(points.Length)];
        foreach (var value in column)
            counts[BinOf(kind, points.AsSpan(), value)]++;
        return new ReferenceDistribution(name, kind, points, [.. counts]);
    }

    /// <summary>The bin of a value.</summary>
    public int BinOf(float value) => BinOf(Kind, Points.AsSpan(), value);

    public bool Equals(ReferenceDistribution? other) =>
        other is not null && (Name, Kind) == (other.Name, other.Kind)
        && Points.AsSpan().SequenceEqual(other.Points.AsSpan()) && Counts.AsSpan().SequenceEqual(other.Counts.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Name, Kind, Points.Length, Total);

    /// <summary>Bins of so many points.</summary>
    internal static int BinCount(int points) => points + 2;

    /// <summary>Why points and counts are no distribution; null when they are.</summary>
    internal static string? FindFault(FeatureKind kind, ImmutableArray<float> points, ImmutableArray<long> counts)
    {
        if (counts.Length != BinCount(points.Length))
            return $"{points.Length} points need {BinCount(points.Length)} counts.";
        for (var i = 0; i < points.Length; i++)
        {
            if (!float.IsFinite(points[i]) || (i > 0 && points[i] <= points[i - 1]))
                return "A point is not finite or does not follow the one before it.";
            if (kind == FeatureKind.Categorical && !CategoryCode.TryRead(points[i], out _))
                return "A point is not a category's code.";
        }

        return counts.Any(count => count is < 0 or > 1L << 48) ? "A count is negative or too large." : null;
    }

    private static int BinOf(FeatureKind kind, ReadOnlySpan<float> points, float value)
    {
        if (float.IsNaN(value))
            return points.Length + 1;
        var at = points.BinarySearch(value);
        if (at >= 0)
            return at;
        return kind == FeatureKind.Numeric ? ~at : points.Length;
    }

    private static ImmutableArray<float> Quantiles(ReadOnlySpan<float> column, int bins)
    {
        var values = column.ToArray().Where(float.IsFinite).ToArray();
        Array.Sort(values);
        var points = ImmutableArray.CreateBuilder<float>();
        for (var i = 1; i < bins && values.Length > 0; i++)
        {
            var point = values[(int)((long)values.Length * i / bins)];

            // A value that fills several bins closes one, and what lies below it stays in another.
            if (points.Count == 0 || point > points[^1])
                points.Add(point);
        }

        return points.ToImmutable();
    }

    private static ImmutableArray<float> FrequentCodes(ReadOnlySpan<float> column)
    {
        var counts = new Dictionary<int, int>();
        foreach (var value in column)
        {
            if (CategoryCode.TryRead(value, out var code))
                counts[code] = counts.GetValueOrDefault(code) + 1;
        }

        return [.. counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).Take(MaxCodes).Select(pair => (float)pair.Key).Order()];
    }
}

using System.Collections.Immutable;
using Tributary.Intelligence.Data;
using Tributary.Intelligence.Models;

namespace Tributary.Intelligence.Training;

/// <summary>
/// A table as the sparse rows of a regression. Column 0 is the intercept. A numeric feature has a column for its standardised value, one for each knot
/// (the part of the value above it) and, where values are missing, one that says so; a category has a column per code, one for all the
/// others and one for missing values.
/// </summary>
internal sealed class LogisticDesign
{
    private readonly FeatureMatrix _x;
    private readonly FeatureColumns[] _features;

    private LogisticDesign(FeatureMatrix x, FeatureColumns[] features, int columnCount)
    {
        _x = x;
        _features = features;
        ColumnCount = columnCount;
    }

    public int ColumnCount { get; }

    public int RowCount => _x.RowCount;

    public static LogisticDesign Create(FeatureMatrix x, LogisticOptions options)
    {
        var features = new FeatureColumns[x.Schema.Count];
        var next = 1;
        for (var feature = 0; feature < features.Length; feature++)
        {
            features[feature] = x.Schema.Kinds[feature] == FeatureKind.Categorical
                ? Categorical(x.Column(feature), next, options.MaxCategories)
                : Numeric(x.Column(feature), next, options.Knots);
            next += features[feature].Count;
        }

        return new LogisticDesign(x, features, next);
    }

    /// <summary>The columns of a row that are not zero, ascending.</summary>
    /// <returns>How many.</returns>
    public int ReadRow(int row, Span<int> columns, Span<double> values)
    {
        (columns[0], values[0]) = (0, 1);
        var count = 1;
        for (var feature = 0; feature < _features.Length; feature++)
        {
            var f = _features[feature];
            var value = _x.Column(feature)[row];
            if (float.IsNaN(value))
            {
                if (f.HasMissing)
                    (columns[count], values[count++]) = (f.First + f.Count - 1, 1);
            }
            else if (f.BinOfCode is { } binOfCode)
            {
                var bin = CategoryCode.TryRead(value, out var code) && code < binOfCode.Length ? binOfCode[code] : f.Codes.Length;
                (columns[count], values[count++]) = (f.First + bin, 1);
            }
            else
            {
                var clamped = Math.Clamp(value, f.Least, f.Greatest);
                (columns[count], values[count++]) = (f.First, (clamped - f.Centre) / f.Scale);
                for (var knot = 0; knot < f.Knots.Length && clamped > f.Knots[knot]; knot++)
                    (columns[count], values[count++]) = (f.First + 1 + knot, (clamped - f.Knots[knot]) / f.Scale);
            }
        }

        return count;
    }

    /// <summary>Entries of a row at most.</summary>
    public int MaxEntries => 1 + _features.Sum(feature => feature.BinOfCode is null ? 1 + feature.Knots.Length : 1);

    /// <summary>The terms of a model with these coefficients.</summary>
    public ImmutableArray<LogisticTerm> ToTerms(ReadOnlySpan<double> coefficients)
    {
        var terms = ImmutableArray.CreateBuilder<LogisticTerm>(_features.Length);
        for (var feature = 0; feature < _features.Length; feature++)
        {
            // The mean of a term needs the term: build it, average it, build it again. A value missing for the first time counts as the mean.
            var term = ToTerm(_features[feature], coefficients, mean: 0);
            double sum = 0;
            foreach (var value in _x.Column(feature))
                sum += term.Value(value);
            terms.Add(ToTerm(_features[feature], coefficients, sum / _x.RowCount));
        }

        return terms.MoveToImmutable();
    }

    private static LogisticTerm ToTerm(FeatureColumns f, ReadOnlySpan<double> coefficients, double mean)
    {
        var own = coefficients.Slice(f.First, f.Count);
        var missing = f.HasMissing ? own[^1] : mean;
        if (f.BinOfCode is { } binOfCode)
        {
            var other = own[f.Codes.Length];
            var values = new double[binOfCode.Length];
            for (var code = 0; code < values.Length; code++)
                values[code] = own[binOfCode[code]];
            return new CategoryTerm([.. values], other, missing, mean);
        }

        var changes = new double[f.Knots.Length];
        for (var knot = 0; knot < changes.Length; knot++)
            changes[knot] = own[1 + knot] / f.Scale;
        return new NumericTerm(f.Least, f.Greatest, f.Centre, own[0] / f.Scale, [.. f.Knots], [.. changes], missing, mean);
    }

    private static FeatureColumns Numeric(ReadOnlySpan<float> column, int first, int knotCount)
    {
        var present = new List<float>(column.Length);
        foreach (var value in column)
        {
            if (!float.IsNaN(value))
                present.Add(Math.Clamp(value, float.MinValue, float.MaxValue));
        }

        var values = present.ToArray();
        Array.Sort(values);
        if (values.Length == 0)
            values = [0];
        var mean = values.Average(value => (double)value);
        var deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        var knots = new SortedSet<float>();
        for (var knot = 1; knot <= knotCount; knot++)
            knots.Add(values[(int)((long)values.Length * knot / (knotCount + 1))]);
        knots.RemoveWhere(knot => knot <= values[0] || knot >= values[^1]);
        var hasMissing = present.Count < column.Length;
        return new FeatureColumns(first, 1 + knots.Count + (hasMissing ? 1 : 0), hasMissing)
        {
            Least = values[0],
            Greatest = values[^1],
            Centre = mean,
            Scale = deviation > 0 ? deviation : 1,
            Knots = [.. knots],
        };
    }

    private static FeatureColumns Categorical(ReadOnlySpan<float> column, int first, int maxCategories)
    {
        var counts = new SortedDictionary<int, int>();
        var hasMissing = false;
        foreach (var value in column)
        {
            hasMissing |= float.IsNaN(value);
            if (CategoryCode.TryRead(value, out var code))
                counts[code] = counts.GetValueOrDefault(code) + 1;
        }

        var codes = counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).Take(maxCategories).Select(pair => pair.Key).Order().ToArray();
        var binOfCode = new int[counts.Count == 0 ? 0 : counts.Keys.Max() + 1];
        Array.Fill(binOfCode, codes.Length);
        for (var bin = 0; bin < codes.Length; bin++)
            binOfCode[codes[bin]] = bin;
        return new FeatureColumns(first, codes.Length + 1 + (hasMissing ? 1 : 0), hasMissing) { Codes = codes, BinOfCode = binOfCode };
    }

    /// <summary>Where a feature's columns are; the last is that of missing values when there are any.</summary>
    private sealed record FeatureColumns(int First, int Count, bool HasMissing)
    {
        public float Least { get; init; }

        public float Greatest { get; init; }

        public double Centre { get; init; }

        public double Scale { get; init; } = 1;

        public float[] Knots { get; init; } = [];

        public int[] Codes { get; init; } = [];

        /// <summary>Categorical: the column of each code, counted from the first; null for a numeric feature.</summary>
        public int[]? BinOfCode { get; init; }
    }
}

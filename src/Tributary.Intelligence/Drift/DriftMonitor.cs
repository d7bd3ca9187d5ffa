namespace Tributary.Intelligence.Drift;

/// <summary>
/// Counts the rows that a model meets into the bins of its reference, in memory that does not grow, from any number of threads. A window ends when the
/// owner takes the report and resets.
/// </summary>
public sealed class DriftMonitor
{
    private readonly DriftReference _reference;
    private readonly long[][] _features;
    private readonly long[] _scores;
    private readonly long[] _labels;

    public DriftMonitor(DriftReference reference)
    {
        _reference = reference;
        _features = [.. reference.Features.Select(feature => new long[feature.Counts.Length])];
        _scores = new long[reference.Scores.Counts.Length];
        _labels = new long[reference.Labels.Counts.Length];
    }

    /// <summary>Counts a row and its score.</summary>
    public void Observe(ReadOnlySpan<float> row, double score)
    {
        if (row.Length != _features.Length)
            throw new ArgumentException($"A row of {row.Length} values for {_features.Length} features.", nameof(row));
        for (var feature = 0; feature < row.Length; feature++)
            Interlocked.Increment(ref _features[feature][_reference.Features[feature].BinOf(row[feature])]);
        Interlocked.Increment(ref _scores[_reference.Scores.BinOf((float)score)]);
    }

    /// <summary>Counts a label, when it becomes known.</summary>
    public void ObserveLabel(bool isPositive) => Interlocked.Increment(ref _labels[_reference.Labels.BinOf(isPositive ? 1 : 0)]);

    /// <summary>What the window shows so far.</summary>
    public DriftReport Report() => new(
        [.. _reference.Features.Select((feature, i) => Find(feature, _features[i])).OrderByDescending(finding => finding.Index)],
        Find(_reference.Scores, _scores),
        Find(_reference.Labels, _labels));

    /// <summary>Begins a new window.</summary>
    public void Reset()
    {
        foreach (var counts in _features)
            Array.Clear(counts);
        Array.Clear(_scores);
        Array.Clear(_labels);
    }

    private static DriftFinding Find(ReferenceDistribution reference, long[] counts)
    {
        var actual = (long[])counts.Clone();
        var expected = reference.Counts.AsSpan();
        var index = PopulationStability.Compute(expected, actual);
        var bins = 0;
        for (var bin = 0; bin < actual.Length; bin++)
            bins += expected[bin] + actual[bin] > 0 ? 1 : 0;

        // A quantity with a single value that it still has cannot have moved.
        var bound = bins < 2 && actual.Sum() > 0 ? 0 : PopulationStability.ChanceBound(bins, reference.Total, actual.Sum());
        return new DriftFinding(reference.Name, index, bound, PopulationStability.Level(index, bound), actual.Sum());
    }
}

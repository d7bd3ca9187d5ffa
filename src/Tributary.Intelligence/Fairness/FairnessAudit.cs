using System.Collections.Immutable;
using Tributary.Intelligence.Evaluation;
using Tributary.Intelligence.Training;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Fairness;

/// <summary>Measures how decisions by a threshold treat the groups of a protected attribute. The same rows, options and seed give the same report.</summary>
public sealed class FairnessAudit
{
    private const int PerGroup = 6;
    private const int Comparisons = 5;

    private readonly AuditSample _sample;
    private readonly FairnessOptions _options;
    private readonly ProtectedColumn _column;
    private readonly GroupCounts[] _counts;
    private readonly (int High, int Low) _selection;
    private readonly (int High, int Low) _favourable;
    private readonly (int High, int Low) _opportunity;
    private readonly (int High, int Low) _truePositives;
    private readonly (int High, int Low) _falsePositives;

    private FairnessAudit(AuditSample sample, FairnessOptions options, ProtectedColumn column)
    {
        _sample = sample;
        _options = options;
        _column = column;
        _counts = sample.Count([]);
        _selection = Extremes(static counts => counts.SelectionRate);
        _favourable = Extremes(counts => Favourable(counts).Rate);
        _opportunity = Extremes(counts => Opportunity(counts).Rate);
        _truePositives = Extremes(static counts => counts.TruePositiveRate);
        _falsePositives = Extremes(static counts => counts.FalsePositiveRate);
    }

    /// <summary>
    /// Audits scores. Refused: columns of different length, a score outside 0 … 1, a label that is neither 0 nor 1, fewer than two groups with rows, options out of range.
    /// </summary>
    /// <param name="scores">The model's score per row: a probability.</param>
    /// <param name="labels">1 or 0 per row.</param>
    /// <param name="column">The group of each row.</param>
    /// <param name="options">How.</param>
    public static Result<FairnessReport, Refusal> Run(ReadOnlySpan<double> scores, ReadOnlySpan<float> labels, ProtectedColumn column, FairnessOptions options)
    {
        if (labels.Length != scores.Length || column.GroupOfRow.Length != scores.Length)
            return new Refusal("rows", $"{scores.Length} scores, {labels.Length} labels and {column.GroupOfRow.Length} groups do not make rows.");
        if (double.IsNaN(options.Threshold))
            return new Refusal("threshold", "The threshold is not a number.");
        if (options.Replicates is < 100 or > 100_000 || options.CalibrationBins is < 1 or > 100 || options.Level is not (> 0 and < 1))
            return new Refusal("options", "100 to 100,000 resamples, 1 to 100 bins and a level between 0 and 1 are possible.");
        for (var row = 0; row < scores.Length; row++)
        {
            if (scores[row] is not (>= 0 and <= 1))
                return new Refusal($"rows[{row}].score", $"{scores[row]} is not a probability.");
            if (labels[row] is not (0f or 1f))
                return new Refusal($"rows[{row}].label", $"{labels[row]} is neither 0 nor 1.");
        }

        var audit = new FairnessAudit(new AuditSample(scores, labels, column, options), options, column);
        if (audit._counts.Count(static counts => counts.Rows > 0) < 2)
            return new Refusal("groups", "Fewer than two groups have rows: there is nothing to compare.");
        return audit.Report(scores.Length);
    }

    private FairnessReport Report(int rows)
    {
        var intervals = Bootstrap();
        var groups = ImmutableArray.CreateBuilder<GroupFairness>(_sample.Groups);
        for (var group = 0; group < _sample.Groups; group++)
        {
            var counts = _counts[group];
            var at = group * PerGroup;
            groups.Add(new GroupFairness(
                _column.Groups[group],
                counts.Rows,
                counts.Positives,
                new FairnessMetric("selection rate", Wilson(counts.SelectedRows, counts.Rows), intervals[at]),
                new FairnessMetric("true positive rate", Wilson(counts.TruePositives, counts.Positives), intervals[at + 1]),
                new FairnessMetric("false positive rate", Wilson(counts.FalsePositives, counts.Negatives), intervals[at + 2]),
                new FairnessMetric("precision", Wilson(counts.TruePositives, counts.SelectedRows), intervals[at + 3]),
                new FairnessMetric("calibration gap", Normal(counts.CalibrationGap, Math.Sqrt(counts.GapVariance / counts.Rows)), intervals[at + 4]),
                new FairnessMetric("expected calibration error", Analytic: null, intervals[at + 5]),
                counts.CalibrationBins));
        }

        var next = _sample.Groups * PerGroup;
        return new FairnessReport(
            _column.Attribute.Name,
            _options.Threshold,
            _options.Level,
            rows - _sample.Rows,
            groups.MoveToImmutable(),
            new FairnessMetric("demographic parity difference", Difference(_selection, static counts => (counts.SelectedRows, counts.Rows), _options.Level), intervals[next]),
            new FairnessMetric("disparate impact", Ratio(), intervals[next + 1]),
            new FairnessMetric("equal opportunity difference", Difference(_opportunity, counts => (Opportunity(counts).Count, Opportunity(counts).Rows), _options.Level), intervals[next + 2]),
            new FairnessMetric("equalised odds difference", EqualisedOddsInterval(), intervals[next + 3]),
            new FairnessMetric("net value per 1,000 rows", NetValueInterval(), intervals[next + 4]),
            NetValue(_counts));
    }

    // Every metric of a set of counts, in one order: the bootstrap resamples all of them at once.
    private double[] Metrics(GroupCounts[] counts)
    {
        var metrics = new double[(counts.Length * PerGroup) + Comparisons];
        var at = 0;
        foreach (var group in counts)
        {
            metrics[at++] = group.SelectionRate;
            metrics[at++] = group.TruePositiveRate;
            metrics[at++] = group.FalsePositiveRate;
            metrics[at++] = group.Precision;
            metrics[at++] = group.CalibrationGap;
            metrics[at++] = group.CalibrationError;
        }

        metrics[at++] = Between(counts, _selection, static group => group.SelectionRate);
        metrics[at++] = Favourable(counts[_favourable.Low]).Rate / Favourable(counts[_favourable.High]).Rate;
        metrics[at++] = Between(counts, _opportunity, group => Opportunity(group).Rate);
        metrics[at++] = Math.Max(
            Between(counts, _truePositives, static group => group.TruePositiveRate), Between(counts, _falsePositives, static group => group.FalsePositiveRate));
        metrics[at] = 1_000.0 * NetValue(counts) / counts.Sum(static group => group.Rows);
        return metrics;
    }

    private ConfidenceInterval[] Bootstrap()
    {
        var estimates = Metrics(_counts);
        var replicates = new double[_options.Replicates][];

        // A generator per replicate: the intervals are the same for any number of threads.
        Parallel.For(0, replicates.Length, replicate =>
        {
            var generator = new SeededGenerator(_options.Seed, (ulong)replicate);
            var draws = new int[_sample.Rows];
            for (var i = 0; i < draws.Length; i++)
                draws[generator.NextInt32(draws.Length)]++;
            replicates[replicate] = Metrics(_sample.Count(draws));
        });

        var intervals = new ConfidenceInterval[estimates.Length];
        for (var metric = 0; metric < estimates.Length; metric++)
        {
            var values = Array.FindAll(Array.ConvertAll(replicates, replicate => replicate[metric]), static value => !double.IsNaN(value));
            Array.Sort(values);
            intervals[metric] = new ConfidenceInterval(
                estimates[metric], ClusterBootstrap.Quantile(values, (1 - _options.Level) / 2), ClusterBootstrap.Quantile(values, (1 + _options.Level) / 2), _options.Level);
        }

        return intervals;
    }

    private (int High, int Low) Extremes(Func<GroupCounts, double> rate)
    {
        var (high, low) = (-1, -1);
        for (var group = 0; group < _counts.Length; group++)
        {
            var value = rate(_counts[group]);
            if (double.IsNaN(value))
                continue;
            high = high < 0 || value > rate(_counts[high]) ? group : high;
            low = low < 0 || value <= rate(_counts[low]) ? group : low;
        }

        return high < 0 ? (0, 0) : (high, low);
    }

    // The rate of the favourable outcome: being selected, or being left alone.
    private (long Count, double Rate) Favourable(GroupCounts counts)
    {
        var count = _options.SelectedIsFavourable ? counts.SelectedRows : counts.Rows - counts.SelectedRows;
        return (count, counts.Rows > 0 ? (double)count / counts.Rows : double.NaN);
    }

    // The same among those who deserve it: the positives, or the negatives.
    private (long Count, long Rows, double Rate) Opportunity(GroupCounts counts)
    {
        var (count, rows) = _options.SelectedIsFavourable ? (counts.TruePositives, counts.Positives) : (counts.TrueNegatives, counts.Negatives);
        return (count, rows, rows > 0 ? (double)count / rows : double.NaN);
    }

    private static double Between(GroupCounts[] counts, (int High, int Low) pair, Func<GroupCounts, double> rate) => rate(counts[pair.High]) - rate(counts[pair.Low]);

    private ConfidenceInterval Wilson(long count, long rows) => Proportions.Wilson(count, rows, _options.Level);

    private ConfidenceInterval Difference((int High, int Low) pair, Func<GroupCounts, (long Count, long Rows)> share, double level)
    {
        var (high, low) = (share(_counts[pair.High]), share(_counts[pair.Low]));
        return Proportions.Difference(high.Count, high.Rows, low.Count, low.Rows, level);
    }

    private ConfidenceInterval Ratio()
    {
        var (low, high) = (_counts[_favourable.Low], _counts[_favourable.High]);
        return Proportions.Ratio(Favourable(low).Count, low.Rows, Favourable(high).Count, high.Rows, _options.Level);
    }

    private ConfidenceInterval EqualisedOddsInterval()
    {
        var level = 1 - ((1 - _options.Level) / 2);
        var truePositives = Difference(_truePositives, static counts => (counts.TruePositives, counts.Positives), level);
        var falsePositives = Difference(_falsePositives, static counts => (counts.FalsePositives, counts.Negatives), level);
        return new ConfidenceInterval(
            Math.Max(truePositives.Estimate, falsePositives.Estimate),
            Math.Max(truePositives.Low, falsePositives.Low),
            Math.Max(truePositives.High, falsePositives.High),
            _options.Level);
    }

    private long NetValue(GroupCounts[] counts)
    {
        long truePositives = 0, falsePositives = 0, trueNegatives = 0, falseNegatives = 0;
        foreach (var group in counts)
        {
            truePositives += group.TruePositives;
            falsePositives += group.FalsePositives;
            trueNegatives += group.TrueNegatives;
            falseNegatives += group.FalseNegatives;
        }

        return _options.Value.Of(truePositives, falsePositives, trueNegatives, falseNegatives);
    }

    private ConfidenceInterval NetValueInterval()
    {
        double sum = 0, squares = 0, rows = 0;
        foreach (var group in _counts)
        {
            Accumulate(group.TruePositives, _options.Value.TruePositive);
            Accumulate(group.FalsePositives, _options.Value.FalsePositive);
            Accumulate(group.TrueNegatives, _options.Value.TrueNegative);
            Accumulate(group.FalseNegatives, _options.Value.FalseNegative);
        }

        var mean = sum / rows;
        return Normal(1_000 * mean, 1_000 * Math.Sqrt(Math.Max(0, (squares / rows) - (mean * mean)) / rows));

        void Accumulate(long count, long value)
        {
            rows += count;
            sum += (double)count * value;
            squares += (double)count * value * value;
        }
    }

    private ConfidenceInterval Normal(double estimate, double error)
    {
        var reach = Proportions.NormalQuantile((1 + _options.Level) / 2) * error;
        return new ConfidenceInterval(estimate, estimate - reach, estimate + reach, _options.Level);
    }
}

using Tributary.Intelligence.Data;
using Tributary.Intelligence.Drift;
using Tributary.Intelligence.Tests.Training;
using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Tests.Drift;

public sealed class DriftTests
{
    [Fact]
    public void The_index_is_the_sum_over_bins()
    {
        // Large counts, so that the smoothing does not show: shares ½ ½ against ¾ ¼.
        var index = PopulationStability.Compute([500_000_000, 500_000_000], [750_000_000, 250_000_000]);
        Assert.Equal((.25 * Math.Log(1.5)) - (.25 * Math.Log(.5)), index, 6);
        Assert.Equal(0, PopulationStability.Compute([10, 20, 30], [100_000, 200_000, 300_000]), 3);
        Assert.Equal(0, PopulationStability.Compute([1, 2], [0, 0]));
        Assert.True(double.IsFinite(PopulationStability.Compute([10, 0], [0, 10])));
        Assert.Throws<ArgumentException>(() => PopulationStability.Compute([1], [1, 2]));
    }

    [Fact]
    public void Chance_alone_rarely_exceeds_its_bound()
    {
        var generator = new SeededGenerator(1);
        var exceeded = 0;
        for (var trial = 0; trial < 2000; trial++)
        {
            var (a, b) = (new long[10], new long[10]);
            for (var i = 0; i < 400; i++)
            {
                a[generator.NextInt32(10)]++;
                b[generator.NextInt32(10)]++;
            }

            exceeded += PopulationStability.Compute(a, b) > PopulationStability.ChanceBound(10, 400, 400) ? 1 : 0;
        }

        Assert.InRange(exceeded, 0, 10);
    }

    [Fact]
    public void Bins_hold_equal_shares_and_missing_values_have_their_own()
    {
        var column = Enumerable.Range(0, 1000).Select(i => i % 10 == 0 ? float.NaN : i).ToArray();
        var distribution = ReferenceDistribution.Of("a", FeatureKind.Numeric, column);
        Assert.Equal(9, distribution.Points.Length);
        Assert.Equal(100, distribution.Counts[^1]);
        Assert.All(distribution.Counts.Take(10), count => Assert.InRange(count, 85, 95));
        Assert.Equal(distribution.Counts.Length - 1, distribution.BinOf(float.NaN));
        Assert.Equal(9, distribution.BinOf(float.PositiveInfinity));
        Assert.Equal(0, distribution.BinOf(float.NegativeInfinity));

        var constant = ReferenceDistribution.Of("b", FeatureKind.Numeric, new float[50]);
        Assert.Equal([50, 0, 0], constant.Counts);
        var categories = ReferenceDistribution.Of("c", FeatureKind.Categorical, [3, 3, 7, float.NaN, 2.5f]);
        Assert.Equal([2, 1, 1, 1], categories.Counts);
        Assert.Equal(2, categories.BinOf(99));
    }

    [Fact]
    public void Rows_like_those_of_training_are_stable_and_others_are_not()
    {
        var (x, y) = Tables.Mixed(5000, seed: 1);
        var scores = Enumerable.Range(0, 5000).Select(i => i / 5000.0).ToArray();
        var monitor = new DriftMonitor(DriftReference.Of(x, scores, y));
        Assert.Equal(DriftLevel.Unknown, monitor.Report().Worst);

        var (same, labels) = Tables.Mixed(4000, seed: 2);
        for (var row = 0; row < 4000; row++)
        {
            monitor.Observe(Tables.Row(same, row), row / 4000.0);
            monitor.ObserveLabel(labels[row] == 1);
        }

        var stable = monitor.Report();
        Assert.Equal(DriftLevel.Stable, stable.Worst);
        Assert.Equal(4000, stable.Scores.Rows);

        monitor.Reset();
        for (var row = 0; row < 4000; row++)
        {
            var moved = Tables.Row(same, row);
            moved[1] += 1;
            moved[4] = 99;
            monitor.Observe(moved, Math.Pow(row / 4000.0, 1.3));
            monitor.ObserveLabel(true);
        }

        var report = monitor.Report();
        Assert.Equal(["category", "b"], report.Features.Where(finding => finding.Level == DriftLevel.Major).Select(finding => finding.Name).ToArray());
        Assert.True(report.Features[^1].Index < .05);
        Assert.InRange(report.Scores.Index, .02, .25);
        Assert.Equal(DriftLevel.Major, report.Labels.Level);
    }

    [Fact]
    public void A_few_odd_rows_are_no_drift()
    {
        var (x, y) = Tables.Mixed(5000, seed: 1);
        var monitor = new DriftMonitor(DriftReference.Of(x, new double[5000], y));
        for (var row = 0; row < 12; row++)
            monitor.Observe(Tables.Row(x, row), 0);
        Assert.DoesNotContain(monitor.Report().Features, finding => finding.Level is DriftLevel.Moderate or DriftLevel.Major);
    }

    [Fact]
    public void Observing_from_many_threads_loses_nothing()
    {
        var (x, y) = Tables.Mixed(1000, seed: 1);
        var monitor = new DriftMonitor(DriftReference.Of(x, new double[1000], y));
        Parallel.For(0, 8, _ =>
        {
            for (var row = 0; row < 1000; row++)
                monitor.Observe(Tables.Row(x, row), .5);
        });
        Assert.Equal(8000, monitor.Report().Scores.Rows);
        Assert.All(monitor.Report().Features, finding => Assert.Equal(8000, finding.Rows));
    }
}

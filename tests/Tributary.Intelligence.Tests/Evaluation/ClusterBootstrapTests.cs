using Tributary.Intelligence.Evaluation;
using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Tests.Evaluation;

public sealed class ClusterBootstrapTests
{
    [Fact]
    public void The_same_seed_gives_the_same_interval()
    {
        var (outcomes, clusters) = Sample(300, clusterSize: 3);
        var first = ClusterBootstrap.Interval(outcomes, clusters, (o, w) => o.RocAuc(w), replicates: 100, seed: 7);
        var second = ClusterBootstrap.Interval(outcomes, clusters, (o, w) => o.RocAuc(w), replicates: 100, seed: 7);
        var other = ClusterBootstrap.Interval(outcomes, clusters, (o, w) => o.RocAuc(w), replicates: 100, seed: 8);
        Assert.Equal(first, second);
        Assert.NotEqual(first, other);
        Assert.Equal(outcomes.RocAuc(), first.Estimate);
        Assert.InRange(first.Estimate, first.Low, first.High);
    }

    [Fact]
    public void An_interval_of_a_mean_is_as_wide_as_theory_says()
    {
        // The mean of 400 draws of 0 or 1 has a standard error of .025: 95 % lie within 1.96 of them.
        var values = Enumerable.Range(0, 400).Select(i => i % 2).ToArray();
        var interval = ClusterBootstrap.Interval(400, .5, Mean, replicates: 4000, seed: 3);
        Assert.Equal(.5 - (1.96 * .025), interval.Low, .004);
        Assert.Equal(.5 + (1.96 * .025), interval.High, .004);

        double Mean(ReadOnlySpan<int> draws)
        {
            double sum = 0;
            for (var i = 0; i < draws.Length; i++)
                sum += draws[i] * values[i];
            return sum / draws.Length;
        }
    }

    [Fact]
    public void Rows_that_come_in_clusters_widen_the_interval()
    {
        var (outcomes, _) = Sample(400, clusterSize: 1);
        var generator = new SeededGenerator(5);
        var scores = new double[400];
        var labels = new float[400];
        for (var row = 0; row < 400; row += 20)
        {
            // Twenty equal rows in a cluster: twenty independent facts in all.
            var (score, label) = (generator.NextDouble(), generator.NextInt32(2));
            scores.AsSpan(row, 20).Fill(score + (label * .2));
            labels.AsSpan(row, 20).Fill(label);
        }

        outcomes = new RankedOutcomes(scores, labels);
        var clusters = Enumerable.Range(0, 400).Select(row => (long)(row / 20)).ToArray();
        var byCluster = ClusterBootstrap.Interval(outcomes, clusters, (o, w) => o.RocAuc(w), replicates: 300);
        var byRow = ClusterBootstrap.Interval(outcomes, default, (o, w) => o.RocAuc(w), replicates: 300);
        Assert.True(byCluster.High - byCluster.Low > 2 * (byRow.High - byRow.Low));
    }

    [Fact]
    public void Quantiles_lie_between_neighbours()
    {
        Assert.Equal(1, ClusterBootstrap.Quantile([1, 2, 4], 0));
        Assert.Equal(3, ClusterBootstrap.Quantile([1, 2, 4], .75));
        Assert.Equal(4, ClusterBootstrap.Quantile([1, 2, 4], 1));
        Assert.True(double.IsNaN(ClusterBootstrap.Quantile([], .5)));
    }

    private static (RankedOutcomes Outcomes, long[] Clusters) Sample(int count, int clusterSize)
    {
        var generator = new SeededGenerator(11);
        var scores = new double[count];
        var labels = new float[count];
        var clusters = new long[count];
        for (var i = 0; i < count; i++)
        {
            labels[i] = generator.NextInt32(4) == 0 ? 1 : 0;
            scores[i] = generator.NextNormal() + labels[i];
            clusters[i] = 1000 - (i / clusterSize);
        }

        return (new RankedOutcomes(scores, labels), clusters);
    }
}

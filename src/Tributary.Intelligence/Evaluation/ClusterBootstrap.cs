using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Evaluation;

/// <summary>
/// Percentile intervals by resampling whole clusters (all payments of a card, a customer, a terminal), because rows of one cluster are not
/// independent and resampling rows would make the interval too narrow (Cameron, Gelbach and Miller, 2008). Each replicate has a generator of
/// its own, so the interval is the same for any number of threads.
/// </summary>
public static class ClusterBootstrap
{
    /// <summary>The interval of a metric of ranking.</summary>
    /// <param name="outcomes">The rows.</param>
    /// <param name="clusters">The cluster of each row, any numbers; empty when each row is a cluster of its own.</param>
    /// <param name="metric">The metric; replicates where it is NaN (no positive drawn) are left out.</param>
    /// <param name="replicates">Resamples.</param>
    /// <param name="seed">The seed of the resampling.</param>
    /// <param name="level">The share of resamples inside the interval.</param>
    public static ConfidenceInterval Interval(
        RankedOutcomes outcomes, ReadOnlySpan<long> clusters, WeightedMetric metric, int replicates = 1000, ulong seed = 1, double level = 0.95)
    {
        if (clusters.Length != 0 && clusters.Length != outcomes.Count)
            throw new ArgumentException($"{clusters.Length} clusters for {outcomes.Count} rows.", nameof(clusters));

        var (clusterOfRow, clusterCount) = Number(clusters, outcomes.Count);
        return Interval(clusterCount, metric(outcomes, default), Replicate, replicates, seed, level);

        double Replicate(ReadOnlySpan<int> draws)
        {
            var weights = new double[clusterOfRow.Length];
            for (var row = 0; row < weights.Length; row++)
                weights[row] = draws[clusterOfRow[row]];
            return metric(outcomes, weights);
        }
    }

    /// <summary>The interval of any statistic of clusters.</summary>
    /// <param name="clusterCount">Clusters to draw from; as many are drawn, with replacement.</param>
    /// <param name="estimate">The statistic on the data as they are.</param>
    /// <param name="replicate">The statistic when cluster i is present as often as the i-th number says; called from many threads.</param>
    /// <param name="replicates">Resamples.</param>
    /// <param name="seed">The seed of the resampling.</param>
    /// <param name="level">The share of resamples inside the interval.</param>
    public static ConfidenceInterval Interval(
        int clusterCount, double estimate, Func<ReadOnlySpan<int>, double> replicate, int replicates = 1000, ulong seed = 1, double level = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(replicates);
        if (level is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(level), level, "A level lies between 0 and 1.");

        var values = new double[replicates];
        Parallel.For(0, replicates, i =>
        {
            var generator = new SeededGenerator(seed, (ulong)i);
            var draws = new int[clusterCount];
            for (var draw = 0; draw < clusterCount; draw++)
                draws[generator.NextInt32(clusterCount)]++;
            values[i] = replicate(draws);
        });
        var kept = Array.FindAll(values, value => !double.IsNaN(value));
        Array.Sort(kept);
        return new ConfidenceInterval(estimate, Quantile(kept, (1 - level) / 2), Quantile(kept, (1 + level) / 2), level);
    }

    /// <summary>The quantile of sorted values, between neighbours by their distance; NaN without values.</summary>
    internal static double Quantile(ReadOnlySpan<double> sorted, double quantile)
    {
        if (sorted.IsEmpty)
            return double.NaN;
        var position = quantile * (sorted.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }

    private static (int[] ClusterOfRow, int ClusterCount) Number(ReadOnlySpan<long> clusters, int rowCount)
    {
        var clusterOfRow = new int[rowCount];
        if (clusters.IsEmpty)
        {
            for (var row = 0; row < rowCount; row++)
                clusterOfRow[row] = row;
            return (clusterOfRow, rowCount);
        }

        var numbers = new Dictionary<long, int>();
        for (var row = 0; row < rowCount; row++)
        {
            if (!numbers.TryGetValue(clusters[row], out var number))
            {
                number = numbers.Count;
                numbers.Add(clusters[row], number);
            }

            clusterOfRow[row] = number;
        }

        return (clusterOfRow, numbers.Count);
    }
}

using Tributary.Intelligence.Evaluation;
using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Fairness;

/// <summary>What one way to decide costs against another on the same rows: paired, so that what both share cancels out.</summary>
public static class PairedCost
{
    private const double Level = 0.95;

    /// <summary>Mean of first less second per 1,000 rows: by the normal approximation of the paired differences, and by resampling rows.</summary>
    /// <param name="first">The worth of each row's decision, in minor units, one way.</param>
    /// <param name="second">And the other way.</param>
    /// <param name="replicates">Resamples.</param>
    /// <param name="seed">The seed of the resampling.</param>
    public static FairnessMetric Of(ReadOnlySpan<long> first, ReadOnlySpan<long> second, int replicates, ulong seed = 1)
    {
        if (first.Length != second.Length || first.IsEmpty)
            throw new ArgumentException($"{first.Length} and {second.Length} values do not make pairs.", nameof(second));
        var differences = new double[first.Length];
        double sum = 0, squares = 0;
        for (var row = 0; row < differences.Length; row++)
        {
            differences[row] = first[row] - second[row];
            sum += differences[row];
            squares += differences[row] * differences[row];
        }

        var mean = sum / differences.Length;
        var error = Math.Sqrt(Math.Max(0, (squares / differences.Length) - (mean * mean)) / differences.Length);
        var reach = Proportions.NormalQuantile((1 + Level) / 2) * error;
        var means = new double[replicates];
        Parallel.For(0, replicates, replicate =>
        {
            var generator = new SeededGenerator(seed, (ulong)replicate);
            double total = 0;
            for (var i = 0; i < differences.Length; i++)
                total += differences[generator.NextInt32(differences.Length)];
            means[replicate] = 1_000 * total / differences.Length;
        });
        Array.Sort(means);
        return new FairnessMetric(
            "cost per 1,000 rows",
            new ConfidenceInterval(1_000 * mean, 1_000 * (mean - reach), 1_000 * (mean + reach), Level),
            new ConfidenceInterval(1_000 * mean, ClusterBootstrap.Quantile(means, (1 - Level) / 2), ClusterBootstrap.Quantile(means, (1 + Level) / 2), Level));
    }
}

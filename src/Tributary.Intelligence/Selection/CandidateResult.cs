using System.Collections.Immutable;

namespace Tributary.Intelligence.Selection;

/// <summary>How good a candidate was.</summary>
/// <param name="Name">The candidate.</param>
/// <param name="Family">Its kind.</param>
/// <param name="FoldMetrics">The metric on each fold, of each repetition in turn.</param>
/// <param name="Rounds">Rounds of boosting, on average over the repetitions; 0 without.</param>
/// <param name="Parts">A blend's members and their weights; empty for a single model.</param>
public sealed record CandidateResult(
    string Name, ModelFamily Family, ImmutableArray<double> FoldMetrics, int Rounds, ImmutableArray<(string Name, double Weight)> Parts)
{
    /// <summary>The mean over the folds.</summary>
    public double Mean => FoldMetrics.Average();

    /// <summary>The standard error of the mean over the folds.</summary>
    public double StandardError => StandardErrorOf([.. FoldMetrics]);

    /// <summary>The standard error of a mean.</summary>
    internal static double StandardErrorOf(double[] values)
    {
        if (values.Length < 2)
            return double.NaN;
        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1) / values.Length);
    }
}

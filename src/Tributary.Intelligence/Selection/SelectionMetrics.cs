using Tributary.Intelligence.Evaluation;

namespace Tributary.Intelligence.Selection;

/// <summary>Computes selection metrics.</summary>
internal static class SelectionMetrics
{
    public static double Compute(this SelectionMetric metric, ReadOnlySpan<double> probabilities, ReadOnlySpan<float> labels) => metric switch
    {
        SelectionMetric.RocAuc => new RankedOutcomes(probabilities, labels).RocAuc(),
        SelectionMetric.AveragePrecision => new RankedOutcomes(probabilities, labels).AveragePrecision(),
        _ => -ProbabilityMetrics.LogLoss(probabilities, labels),
    };
}

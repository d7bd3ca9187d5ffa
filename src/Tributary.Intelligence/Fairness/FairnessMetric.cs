using Tributary.Intelligence.Evaluation;

namespace Tributary.Intelligence.Fairness;

/// <summary>A metric with its two intervals.</summary>
/// <param name="Name">The field's name of it.</param>
/// <param name="Analytic">The interval by formula (which one, the metric says); null where there is none.</param>
/// <param name="Bootstrap">The percentile interval by resampling rows.</param>
public sealed record FairnessMetric(string Name, ConfidenceInterval? Analytic, ConfidenceInterval Bootstrap)
{
    /// <summary>The metric on the rows as they are; NaN where it is not defined.</summary>
    public double Estimate => Bootstrap.Estimate;
}

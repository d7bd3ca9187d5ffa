using System.Collections.Immutable;
using Tributary.Intelligence.Evaluation;

namespace Tributary.Intelligence.Fairness;

/// <summary>One group in an audit. Shares have Wilson's interval beside the bootstrap.</summary>
/// <param name="Group">The group's name.</param>
/// <param name="Rows">Rows.</param>
/// <param name="Positives">Positives among them.</param>
/// <param name="SelectionRate">Selected, of all.</param>
/// <param name="TruePositiveRate">Selected, of the positives.</param>
/// <param name="FalsePositiveRate">Selected, of the negatives.</param>
/// <param name="Precision">Positives, of the selected.</param>
/// <param name="CalibrationGap">Mean score less share of positives; normal approximation beside the bootstrap.</param>
/// <param name="CalibrationError">Expected calibration error over bins of equal size of all rows; it cannot fall below zero, so small values are biased upward. Bootstrap alone.</param>
/// <param name="Bins">Said against seen.</param>
public sealed record GroupFairness(
    string Group,
    long Rows,
    long Positives,
    FairnessMetric SelectionRate,
    FairnessMetric TruePositiveRate,
    FairnessMetric FalsePositiveRate,
    FairnessMetric Precision,
    FairnessMetric CalibrationGap,
    FairnessMetric CalibrationError,
    ImmutableArray<CalibrationBin> Bins)
{
    /// <summary>The metrics in the order of a report.</summary>
    public ImmutableArray<FairnessMetric> Metrics => [SelectionRate, TruePositiveRate, FalsePositiveRate, Precision, CalibrationGap, CalibrationError];
}

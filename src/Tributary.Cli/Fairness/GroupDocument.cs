using Tributary.Intelligence.Fairness;

namespace Tributary.Cli.Fairness;

/// <summary>One group.</summary>
/// <param name="Group">Its name.</param>
/// <param name="Rows">Rows.</param>
/// <param name="Positives">Positives among them.</param>
/// <param name="Metrics">Selection rate, true and false positive rate, precision, calibration gap and error.</param>
/// <param name="Calibration">Mean score against share of positives, by bins of equal size of all rows.</param>
internal sealed record GroupDocument(
    string Group, long Rows, long Positives, IReadOnlyList<MetricDocument> Metrics, IReadOnlyList<CalibrationDocument> Calibration)
{
    internal static GroupDocument Of(GroupFairness group) => new(
        group.Group,
        group.Rows,
        group.Positives,
        [.. group.Metrics.Select(MetricDocument.Of)],
        [.. group.Bins.Select(static bin => new CalibrationDocument(bin.Count, bin.MeanProbability, bin.ObservedRate))]);
}

using Tributary.Intelligence.Fairness;

namespace Tributary.Cli.Fairness;

/// <summary>One audit.</summary>
/// <param name="Attribute">The protected attribute.</param>
/// <param name="Threshold">The threshold; null where nobody is selected.</param>
/// <param name="Level">The coverage of the intervals.</param>
/// <param name="UnknownRows">Rows left out because their group is not known.</param>
/// <param name="NetValue">What the decisions are worth in all, in minor units.</param>
/// <param name="Comparisons">The metrics that compare groups.</param>
/// <param name="Groups">The groups.</param>
internal sealed record AuditDocument(
    string Attribute, double? Threshold, double Level, long UnknownRows, long NetValue, IReadOnlyList<MetricDocument> Comparisons, IReadOnlyList<GroupDocument> Groups)
{
    internal static AuditDocument Of(FairnessReport report) => new(
        report.Attribute,
        MetricDocument.Finite(report.Threshold),
        report.Level,
        report.UnknownRows,
        report.NetValue,
        [.. report.Comparisons.Select(MetricDocument.Of)],
        [.. report.Groups.Select(GroupDocument.Of)]);
}

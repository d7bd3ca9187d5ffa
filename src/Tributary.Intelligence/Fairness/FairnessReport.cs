using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Tributary.Intelligence.Fairness;

/// <summary>
/// Group metrics at the deployed threshold. Differences and the ratio are between the two groups that are farthest apart on the rows as they are, so
/// that an interval may reach across "no difference"; with more than two groups that pair was picked by looking, and the intervals are somewhat too
/// narrow.
/// </summary>
/// <param name="Attribute">The protected attribute.</param>
/// <param name="Threshold">The threshold.</param>
/// <param name="Level">The coverage of the intervals.</param>
/// <param name="UnknownRows">Rows left out because their group is not known.</param>
/// <param name="Groups">The groups.</param>
/// <param name="DemographicParityDifference">Highest less lowest selection rate (Newcombe).</param>
/// <param name="DisparateImpact">Lowest by highest rate of the favourable outcome (Katz); below .8 is the four-fifths rule's warning (29 CFR 1607.4 D).</param>
/// <param name="EqualOpportunityDifference">Highest less lowest rate of the favourable outcome among those who deserve it (Newcombe; Hardt, Price and Srebro, 2016).</param>
/// <param name="EqualisedOddsDifference">The larger of the differences in true and in false positive rate (Newcombe with Bonferroni's correction).</param>
/// <param name="NetValuePerThousand">What the decisions are worth per 1,000 rows, in minor units (normal approximation).</param>
/// <param name="NetValue">What they are worth in all.</param>
public sealed record FairnessReport(
    string Attribute,
    double Threshold,
    double Level,
    long UnknownRows,
    ImmutableArray<GroupFairness> Groups,
    FairnessMetric DemographicParityDifference,
    FairnessMetric DisparateImpact,
    FairnessMetric EqualOpportunityDifference,
    FairnessMetric EqualisedOddsDifference,
    FairnessMetric NetValuePerThousand,
    long NetValue)
{
    /// <summary>The metrics that compare groups.</summary>
    public ImmutableArray<FairnessMetric> Comparisons =>
        [DemographicParityDifference, DisparateImpact, EqualOpportunityDifference, EqualisedOddsDifference, NetValuePerThousand];

    /// <summary>The report as lines for a terminal: estimate, analytic interval, bootstrap interval.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"by {Attribute} at threshold {Threshold:F4}, {Level:P0} intervals (analytic; bootstrap)");
        foreach (var group in Groups)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {group.Group}: {group.Rows} rows, {group.Positives} positives");
            foreach (var metric in group.Metrics)
                Append(text, "    ", metric);
        }

        foreach (var metric in Comparisons)
            Append(text, "  ", metric);
        return text.ToString();
    }

    internal static void Append(StringBuilder text, string indent, FairnessMetric metric)
    {
        var format = Math.Abs(metric.Estimate) >= 100 ? "F0" : "F4";
        var analytic = metric.Analytic is { } interval ? $"[{Number(interval.Low)}, {Number(interval.High)}]" : "";
        text.AppendLine($"{indent}{metric.Name,-32} {Number(metric.Estimate),10}  {analytic,-22} [{Number(metric.Bootstrap.Low)}, {Number(metric.Bootstrap.High)}]");

        string Number(double value) => value.ToString(format, CultureInfo.InvariantCulture);
    }
}

using Tributary.Intelligence.Fairness;
using Tributary.Intelligence.Ranking.Sampling;
using Tributary.Primitives.Randomness;

namespace Tributary.Intelligence.Tests.Fairness;

public sealed class FairnessAuditTests
{
    private static readonly ProtectedAttribute Sex = ProtectedAttribute.Named("sex", "gender");
    private static readonly OutcomeValue Value = new(TruePositive: 100, FalsePositive: -50, TrueNegative: 10, FalseNegative: -200);

    // Group a: 40 true positives, 10 false negatives, 20 false positives, 30 true negatives. Group b: 12, 8, 8, 72.
    private static readonly (int Group, int Label, bool IsSelected, int Rows)[] Cells =
        [(0, 1, true, 40), (0, 1, false, 10), (0, 0, true, 20), (0, 0, false, 30), (1, 1, true, 12), (1, 1, false, 8), (1, 0, true, 8), (1, 0, false, 72)];

    [Fact]
    public void Metrics_are_what_a_count_by_hand_finds()
    {
        var report = Audit(selectedIsFavourable: true);
        Assert.Equal((0.6, 0.2), (report.Groups[0].SelectionRate.Estimate, report.Groups[1].SelectionRate.Estimate));
        Assert.Equal((0.8, 0.6), (report.Groups[0].TruePositiveRate.Estimate, report.Groups[1].TruePositiveRate.Estimate));
        Assert.Equal((0.4, 0.1), (report.Groups[0].FalsePositiveRate.Estimate, report.Groups[1].FalsePositiveRate.Estimate));
        Assert.Equal((40 / 60.0, 12 / 20.0), (report.Groups[0].Precision.Estimate, report.Groups[1].Precision.Estimate));
        Assert.Equal(0.4, report.DemographicParityDifference.Estimate, 12);
        Assert.Equal(0.2 / 0.6, report.DisparateImpact.Estimate, 12);
        Assert.Equal(0.2, report.EqualOpportunityDifference.Estimate, 12);
        Assert.Equal(0.3, report.EqualisedOddsDifference.Estimate, 12);
        Assert.Equal((52 * 100) - (28 * 50) + (102 * 10) - (18 * 200), report.NetValue);
        Assert.Equal(1_000.0 * report.NetValue / 200, report.NetValuePerThousand.Estimate, 9);

        // Scores are .7 for selected rows and .2 for others: (60 · .7 + 40 · .2 − 50) / 100 and (20 · .7 + 80 · .2 − 20) / 100.
        Assert.Equal(0, report.Groups[0].CalibrationGap.Estimate, 12);
        Assert.Equal(0.1, report.Groups[1].CalibrationGap.Estimate, 12);
    }

    [Fact]
    public void Where_being_selected_is_feared_impact_and_opportunity_are_about_being_left_alone()
    {
        var report = Audit(selectedIsFavourable: false);
        Assert.Equal(0.4 / 0.8, report.DisparateImpact.Estimate, 12);
        Assert.Equal(0.9 - 0.6, report.EqualOpportunityDifference.Estimate, 12);
        Assert.Equal(0.4, report.DemographicParityDifference.Estimate, 12);
    }

    [Fact]
    public void Both_intervals_of_every_metric_hold_its_estimate_and_are_of_like_width()
    {
        var report = Audit(selectedIsFavourable: true);
        foreach (var metric in report.Comparisons.Concat(report.Groups.SelectMany(group => new[] { group.SelectionRate, group.TruePositiveRate, group.FalsePositiveRate, group.Precision, group.CalibrationGap })))
        {
            Assert.InRange(metric.Estimate, metric.Bootstrap.Low, metric.Bootstrap.High);
            var analytic = metric.Analytic!.Value;
            Assert.InRange(metric.Estimate, analytic.Low, analytic.High);
            Assert.InRange((analytic.High - analytic.Low) / (metric.Bootstrap.High - metric.Bootstrap.Low), 0.7, 1.6);
        }
    }

    [Fact]
    public void The_same_rows_and_seed_give_the_same_report_and_another_seed_nearly_the_same()
    {
        Assert.Equal(Audit(selectedIsFavourable: true).ToText(), Audit(selectedIsFavourable: true).ToText());
        var other = Audit(selectedIsFavourable: true, seed: 2);
        Assert.NotEqual(Audit(selectedIsFavourable: true).ToText(), other.ToText(), StringComparer.Ordinal);
        Assert.Equal(Audit(selectedIsFavourable: true).DisparateImpact.Bootstrap.High, other.DisparateImpact.Bootstrap.High, 0.05);
    }

    [Fact]
    public void Bootstrap_intervals_of_no_difference_reach_across_it()
    {
        var variates = new Variates(new Xoshiro256(9));
        var (scores, labels, groups) = (new double[4_000], new float[4_000], new int[4_000]);
        for (var row = 0; row < scores.Length; row++)
        {
            scores[row] = variates.NextUniform();
            labels[row] = variates.NextUniform() < scores[row] ? 1 : 0;
            groups[row] = variates.NextIndex(2);
        }

        var report = FairnessAudit.Run(scores, labels, Column(groups), new FairnessOptions(0.5, SelectedIsFavourable: true, Value)).Value;
        Assert.True(report.DemographicParityDifference.Bootstrap.Low < 0);
        Assert.True(report.DisparateImpact.Bootstrap.High > 1);
        Assert.All(report.Groups, group => Assert.InRange(group.CalibrationGap.Estimate, -0.03, 0.03));
        Assert.All(report.Groups, group => Assert.Equal(10, group.Bins.Length));
    }

    [Fact]
    public void A_group_with_one_label_or_without_rows_is_reported_as_not_defined()
    {
        var column = ProtectedColumn.Create(Sex, ["a", "b", "c"], [0, 0, 1, 1, ProtectedColumn.UnknownGroup]).Value;
        var report = FairnessAudit.Run([0.9, 0.1, 0.9, 0.1, 0.5], [1, 0, 0, 0, 1], column, new FairnessOptions(0.5, SelectedIsFavourable: true, Value)).Value;
        Assert.True(double.IsNaN(report.Groups[1].TruePositiveRate.Estimate));
        Assert.True(double.IsNaN(report.Groups[2].SelectionRate.Estimate));
        Assert.Equal(1, report.UnknownRows);
        Assert.Equal(0, report.DemographicParityDifference.Estimate);
    }

    [Fact]
    public void Input_that_is_none_is_refused_with_its_place()
    {
        var options = new FairnessOptions(0.5, SelectedIsFavourable: true, Value);
        Assert.Equal("rows", FairnessAudit.Run([0.5], [1, 0], Column([0, 1]), options).Error.Field);
        Assert.Equal("rows[1].score", FairnessAudit.Run([0.5, double.NaN], [1, 0], Column([0, 1]), options).Error.Field);
        Assert.Equal("rows[0].score", FairnessAudit.Run([1.5, 0.5], [1, 0], Column([0, 1]), options).Error.Field);
        Assert.Equal("rows[1].label", FairnessAudit.Run([0.5, 0.5], [1, 0.5f], Column([0, 1]), options).Error.Field);
        Assert.Equal("groups", FairnessAudit.Run([0.5, 0.5], [1, 0], Column([0, 0]), options).Error.Field);
        Assert.Equal("threshold", FairnessAudit.Run([0.5, 0.5], [1, 0], Column([0, 1]), options with { Threshold = double.NaN }).Error.Field);
        Assert.Equal("options", FairnessAudit.Run([0.5, 0.5], [1, 0], Column([0, 1]), options with { Replicates = 3 }).Error.Field);
        Assert.Equal("groups", ProtectedColumn.Create(Sex, ["a"], [0]).Error.Field);
        Assert.Equal("rows[0].group", ProtectedColumn.Create(Sex, ["a", "b"], [2]).Error.Field);
    }

    [Fact]
    public void The_threshold_worth_most_is_found_among_the_scores()
    {
        double[] scores = [0.9, 0.8, 0.7, 0.6, 0.6, 0.1];
        float[] labels = [1, 0, 1, 1, 0, 0];
        var value = new OutcomeValue(10, -6, 0, 0);

        // Selected from .9: 10; from .8: 4; from .7: 14; from .6: 18; from .1: 12.
        Assert.Equal(0.6, value.BestThreshold(scores, labels));
        Assert.Equal(double.PositiveInfinity, new OutcomeValue(-1, -1, 0, 0).BestThreshold(scores, labels));
    }

    private static FairnessReport Audit(bool selectedIsFavourable, ulong seed = 1)
    {
        var rows = Cells.SelectMany(cell => Enumerable.Repeat(cell, cell.Rows)).ToArray();
        return FairnessAudit.Run(
            Array.ConvertAll(rows, row => row.IsSelected ? 0.7 : 0.2),
            Array.ConvertAll(rows, row => (float)row.Label),
            Column(Array.ConvertAll(rows, row => row.Group)),
            new FairnessOptions(0.5, selectedIsFavourable, Value) { Seed = seed }).Value;
    }

    private static ProtectedColumn Column(int[] groups) => ProtectedColumn.Create(Sex, ["a", "b"], groups).Value;
}

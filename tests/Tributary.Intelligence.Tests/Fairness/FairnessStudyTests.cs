using Tributary.Intelligence.Fairness;
using Tributary.Intelligence.Tabular;
using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Tests.Fairness;

public sealed class FairnessStudyTests
{
    private static readonly ProtectedAttribute Sex = ProtectedAttribute.Named("sex", "gender");
    private static readonly GbdtOptions FewTrees = new() { TreeCount = 25, LearningRate = 0.2, MinLeafRows = 40 };

    [Fact]
    public void On_Adult_reweighing_brings_the_sexes_nearer_at_a_stated_cost()
    {
        var table = TabularReader.ReadFiles(TabularFormat.Adult, SharedData.Path("credit/adult.data.gz"), SharedData.Path("credit/adult.test.gz")).Value;
        var options = new FairnessStudyOptions(Sex, SelectedIsFavourable: true, new OutcomeValue(100, -100, 0, -100)) { Trees = FewTrees, Replicates = 200 };
        var report = Run(table, options);

        // Women are selected less than half as often as men before; the whole interval moves.
        Assert.True(report.Before.DisparateImpact.Bootstrap.High < 0.5, report.ToText());
        Assert.True(report.After.DisparateImpact.Bootstrap.Low > report.Before.DisparateImpact.Bootstrap.High, report.ToText());
        Assert.True(report.After.DemographicParityDifference.Bootstrap.High < report.Before.DemographicParityDifference.Bootstrap.Low, report.ToText());
        Assert.True(report.AucAfter > report.AucBefore - 0.03, report.ToText());
        EveryMetricHasItsIntervals(report);

        // The cost is paired: its interval is far narrower than the two net values apart.
        Assert.Equal(report.NetValueCost * 1_000.0 / report.TestRows, report.CostPerThousand.Estimate, 6);
        Assert.True(Width(report.CostPerThousand) < 0.7 * Width(report.Before.NetValuePerThousand), report.ToText());
    }

    [Fact]
    public void On_Taiwan_all_metrics_have_intervals_before_and_after()
    {
        var table = TabularReader.ReadFiles(TabularFormat.Taiwan, SharedData.Path("credit/uci_taiwan_default.csv.gz")).Value;
        var options = new FairnessStudyOptions(Sex, SelectedIsFavourable: false, new OutcomeValue(0, -1_500, 0, -5_000)) { Trees = FewTrees, Replicates = 200 };
        var report = Run(table, options);

        // A default is feared; the sexes differ little, and the four-fifths rule is kept before and after.
        Assert.True(report.Before.DisparateImpact.Bootstrap.Low > 0.8, report.ToText());
        Assert.True(report.After.DisparateImpact.Bootstrap.Low > 0.8, report.ToText());
        EveryMetricHasItsIntervals(report);
    }

    [Fact]
    public void Neither_the_attribute_nor_its_other_names_are_left_among_the_features()
    {
        var format = new TabularFormat(
            "small", ',', HasHeader: true, [new("sex", ColumnRole.Categorical), new("is_female", ColumnRole.Numeric), new("x", ColumnRole.Numeric), new("y", ColumnRole.Label)], "1", "0", []);
        var table = TabularReader.Read(new StringReader("sex,is_female,x,y\nm,0,1,1\nf,1,2,0\n,0,3,0\n"), format).Value;
        var audit = AuditTable.Create(table, ProtectedAttribute.Named("sex", "is_female")).Value;
        Assert.Equal(["x"], audit.X.Schema.Names.ToArray());
        Assert.Equal([1, 0, ProtectedColumn.UnknownGroup], audit.Protected.GroupOfRow.ToArray());
        Assert.Null(ProtectedAttributes.Usual.Check(audit.X.Schema));
        Assert.Equal("attribute", AuditTable.Create(table, ProtectedAttribute.Named("religion")).Error.Field);
        Assert.Equal("x", AuditTable.Create(table, ProtectedAttribute.Named("x")).Error.Field);
    }

    [Fact]
    public void A_quantity_becomes_groups_where_bands_are_given()
    {
        var format = new TabularFormat("small", ',', HasHeader: true, [new("age", ColumnRole.Numeric), new("x", ColumnRole.Numeric), new("y", ColumnRole.Label)], "1", "0", ["NA"]);
        var table = TabularReader.Read(new StringReader("age,x,y\n24.9,1,1\n25,2,0\n59,3,0\n60,4,1\nNA,5,1\n"), format).Value;
        var age = ProtectedAttribute.Named("age");
        var audit = AuditTable.Create(table, age, [25, 60]).Value;
        Assert.Equal(["below 25", "25 to below 60", "60 and above"], audit.Protected.Groups.ToArray());
        Assert.Equal([0, 1, 1, 2, ProtectedColumn.UnknownGroup], audit.Protected.GroupOfRow.ToArray());
        Assert.Equal("age", AuditTable.Create(table, age).Error.Field);
        Assert.Equal("bands", AuditTable.Create(table, age, [60, 25]).Error.Field);
        Assert.Equal("bands", AuditTable.Create(table, age, [float.NaN]).Error.Field);
    }

    [Fact]
    public void A_table_too_small_to_train_and_judge_is_refused()
    {
        var format = new TabularFormat("small", ',', HasHeader: true, [new("sex", ColumnRole.Categorical), new("x", ColumnRole.Numeric), new("y", ColumnRole.Label)], "1", "0", []);
        var table = TabularReader.Read(new StringReader("sex,x,y\nm,1,1\nf,2,0\nm,3,0\n"), format).Value;
        var options = new FairnessStudyOptions(Sex, SelectedIsFavourable: true, new OutcomeValue(1, -1, 0, 0));
        Assert.Equal("rows", FairnessStudy.Run(table, options, TestContext.Current.CancellationToken).Error.Field);
    }

    private static FairnessStudyReport Run(TabularTable table, FairnessStudyOptions options) =>
        FairnessStudy.Run(table, options, TestContext.Current.CancellationToken).Value;

    private static double Width(FairnessMetric metric) => metric.Bootstrap.High - metric.Bootstrap.Low;

    private static void EveryMetricHasItsIntervals(FairnessStudyReport study)
    {
        foreach (var report in new[] { study.Before, study.After })
        {
            Assert.All(report.Comparisons, metric =>
            {
                Assert.NotNull(metric.Analytic);
                Assert.InRange(metric.Estimate, metric.Bootstrap.Low, metric.Bootstrap.High);
            });
            Assert.All(report.Groups, group => Assert.InRange(group.CalibrationError.Estimate, 0, 0.2));
        }
    }
}

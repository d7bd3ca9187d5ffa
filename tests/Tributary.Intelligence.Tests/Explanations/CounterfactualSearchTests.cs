using Tributary.Intelligence.Data;
using Tributary.Intelligence.Explanations;
using Tributary.Intelligence.Models;
using Tributary.Intelligence.Tests.Training;
using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Tests.Explanations;

public sealed class CounterfactualSearchTests
{
    private static readonly FeatureSchema Schema = new(["amount", "count", "method"], [FeatureKind.Numeric, FeatureKind.Numeric, FeatureKind.Categorical]);

    private static readonly ReasonWriter Writer = new(
        Schema,
        [
            new FeatureWords("amount", "The amount") { Unit = "EUR" },
            new FeatureWords("count", "The number of payments") { Decimals = 0 },
            new FeatureWords("method", "The method") { Categories = System.Collections.Immutable.ImmutableSortedDictionary<int, string>.Empty.Add(2, "Lightning") },
        ]);

    [Fact]
    public void A_threshold_in_a_tree_becomes_a_round_number_below_it()
    {
        var counterfactual = Search(Stump(0, 183.27f, -1, 1), Stump(0, 91f, -.5, .5)).Find([250, 3, 0], .3);
        Assert.NotNull(counterfactual);
        Assert.Equal("It would have passed if the amount had been 90 EUR or less.", counterfactual.Text);
        Assert.True(counterfactual.Score < .5);
    }

    [Fact]
    public void The_nearest_change_is_named_and_rounded_within_its_cell()
    {
        var counterfactual = Search(Stump(0, 183.27f, -1, 1), Stump(0, 91f, -.5, .5)).Find([250, 3, 0], .5);
        Assert.NotNull(counterfactual);
        Assert.Equal("It would have passed if the amount had been 180 EUR or less.", counterfactual.Text);
    }

    [Fact]
    public void Or_less_is_said_only_when_all_of_it_passes()
    {
        // Very small amounts are card tests: they score high again.
        var counterfactual = Search(Stump(0, 200f, -1, 1), Stump(0, 2f, 3, 0)).Find([250, 3, 0], .5);
        Assert.NotNull(counterfactual);
        Assert.False(Assert.Single(counterfactual.Changes).OrBeyond);
        Assert.Equal("It would have passed if the amount had been 200 EUR.", counterfactual.Text);
    }

    [Fact]
    public void Changes_are_combined_when_none_is_enough()
    {
        var search = Search(Stump(0, 100, -1, 1), Stump(1, 5, -1, 1), Category(-1, 1));
        Assert.Null(search.Find([250, 8, 0], Logistic.Probability(-2), mostChanges: 2));
        var two = search.Find([250, 8, 0], .5, mostChanges: 2);
        Assert.NotNull(two);
        Assert.Equal("It would have passed if the amount had been 100 EUR or less and the number of payments had been 5 or less.", two.Text);
        var three = search.Find([250, 8, 0], Logistic.Probability(-2), mostChanges: 3);
        Assert.NotNull(three);
        Assert.Equal(3, three.Changes.Length);
        Assert.Contains("the method had been Lightning", three.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_what_can_be_changed_is_changed()
    {
        var model = new GbdtModel(Schema, [Stump(0, 100, 1, -1)], 0, ScoreLink.Logistic);
        var search = new CounterfactualSearch(model, Writer, [new ActionableFeature("amount", ActionDirection.Lower)]);
        Assert.Null(search.Find([50, 0, 0], .5));
        var either = new CounterfactualSearch(model, Writer, [new ActionableFeature("amount", ActionDirection.Either)]).Find([50, 0, 0], .5);
        Assert.NotNull(either);
        Assert.True(either.Changes[0].To > 100);
        Assert.Null(new CounterfactualSearch(model, Writer, [new ActionableFeature("amount", ActionDirection.Higher, 0, 99)]).Find([50, 0, 0], .5));
        Assert.Null(search.Find([float.NaN, 0, 0], .5));
        Assert.Throws<ArgumentException>(() => new CounterfactualSearch(model, Writer, [new ActionableFeature("age", ActionDirection.Lower)]));
    }

    [Fact]
    public void A_regression_is_crossed_where_its_line_is()
    {
        var model = new LogisticModel(
            FeatureSchema.Numeric("amount"), 0, [new NumericTerm(0, 1000, 300, .01, [], [], 0, 0)]);
        var writer = new ReasonWriter(model.Schema, [new FeatureWords("amount", "The amount")]);
        var search = new CounterfactualSearch(model, writer, [new ActionableFeature("amount", ActionDirection.Lower)]);
        var counterfactual = search.Find([777], .5);
        Assert.NotNull(counterfactual);
        Assert.InRange(counterfactual.Changes[0].To, 270, 300);
        Assert.True(counterfactual.Score < .5);
        Assert.True(counterfactual.Changes[0].OrBeyond);
    }

    [Fact]
    public void Every_claim_on_a_trained_model_is_true()
    {
        var (x, y) = Tables.Mixed(3000, seed: 1);
        var trees = GbdtTrainer.Train(x, y, new GbdtOptions { TreeCount = 60 }, cancellationToken: TestContext.Current.CancellationToken);
        var logistic = LogisticTrainer.Train(x, y, new LogisticOptions { Knots = 3 }, cancellationToken: TestContext.Current.CancellationToken);
        var model = new CalibratedModel(new BlendedModel([trees, logistic], [.5, .5]), new PlattCalibration(1.1, .1));
        var search = new CounterfactualSearch(
            model, new ReasonWriter(x.Schema, []), [new ActionableFeature("a", ActionDirection.Lower, -4, 4), new ActionableFeature("steps", ActionDirection.Either, -4, 4)]);
        var found = 0;
        for (var i = 0; i < 200; i++)
        {
            var row = Tables.Row(x, i);
            if (model.Score(row) < .4)
                continue;
            foreach (var counterfactual in search.FindSingles(row, .4))
            {
                found++;
                var change = Assert.Single(counterfactual.Changes);
                var at = x.Schema.IndexOf(change.Feature);
                var changed = (float[])row.Clone();
                changed[at] = change.To;
                Assert.Equal(counterfactual.Score, model.Score(changed));
                Assert.True(counterfactual.Score < .4);
                for (var step = 0; change.OrBeyond && step <= 100; step++)
                {
                    changed[at] = change.To + ((change.To < change.From ? -4 - change.To : 4 - change.To) * step / 100);
                    Assert.True(model.Score(changed) < .4, $"{change} at {changed[at]}");
                }
            }
        }

        Assert.True(found > 20);
    }

    private static CounterfactualSearch Search(params DecisionTree[] trees) => new(
        new GbdtModel(Schema, [.. trees], 0, ScoreLink.Logistic),
        Writer,
        [
            new ActionableFeature("amount", ActionDirection.Lower),
            new ActionableFeature("count", ActionDirection.Lower),
            new ActionableFeature("method", ActionDirection.Either) { Categories = [2] },
        ]);

    private static DecisionTree Stump(int feature, float threshold, double left, double right) =>
        new([new TreeNode(feature, threshold, null, false, ~0, ~1, 1)], [left, right], [1, 1]);

    private static DecisionTree Category(double left, double right) =>
        new([new TreeNode(2, 0, new CategorySet([4u], false), false, ~0, ~1, 1)], [left, right], [1, 1]);
}

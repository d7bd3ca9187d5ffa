using Tributary.Intelligence.Explanations;
using Tributary.Intelligence.Models;
using Tributary.Intelligence.Tests.Models;
using Tributary.Intelligence.Tests.Training;
using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Tests.Explanations;

public sealed class TreeExplainerTests
{
    [Theory]
    [InlineData(1, 3)]
    [InlineData(4, 6)]
    [InlineData(7, 20)]
    [InlineData(10, 32)]
    public void Contributions_are_the_shapley_values_by_enumeration(int features, int leaves)
    {
        var model = new GbdtModel(RandomTrees.Schema(features), [.. RandomTrees.Trees((ulong)features, 6, features, leaves)], .5, ScoreLink.Logistic);
        var explainer = new TreeExplainer(model);
        var generator = new SeededGenerator(2);
        var contributions = new double[features];
        for (var i = 0; i < 12; i++)
        {
            var row = RandomTrees.Row(ref generator, features);
            var expected = explainer.Explain(row, contributions);
            Assert.Equal(model.BaseScore + model.Trees.Sum(tree => Value(tree, row, known: 0)), expected, 10);
            Assert.Equal(Enumerate(model, row), contributions, (a, b) => Math.Abs(a - b) < 1e-10);
        }
    }

    [Fact]
    public void Contributions_add_up_to_the_raw_score()
    {
        foreach (var (features, leaves) in new[] { (5, 31), (40, 300), (120, 120) })
        {
            var model = new GbdtModel(RandomTrees.Schema(features), [.. RandomTrees.Trees(9, 50, features, leaves)], -1, ScoreLink.Logistic);
            var explainer = new TreeExplainer(model);
            var generator = new SeededGenerator(3);
            var contributions = new double[features];
            for (var i = 0; i < 50; i++)
            {
                var row = RandomTrees.Row(ref generator, features);
                Assert.Equal(model.RawScore(row), explainer.Explain(row, contributions) + contributions.Sum(), 9);
            }
        }
    }

    [Fact]
    public void A_path_of_more_than_sixteen_features_is_exact_too()
    {
        // A comb: every node asks another feature and its left child is a leaf.
        const int Features = 18;
        var nodes = Enumerable.Range(0, Features)
            .Select(i => new TreeNode(FeatureAt(i), 0, null, false, ~i, i + 1 < Features ? i + 1 : ~Features, 1));
        var model = new GbdtModel(
            Data.FeatureSchema.Numeric([.. Enumerable.Range(0, Features).Select(i => $"f{i}")]),
            [new DecisionTree([.. nodes], [.. Enumerable.Range(0, Features + 1).Select(i => i * .5)], [.. Enumerable.Range(0, Features + 1).Select(i => i + 1.0)])],
            0,
            ScoreLink.Identity);
        var row = Enumerable.Range(0, Features).Select(i => i % 5 == 4 ? -1f : 1).ToArray();
        var contributions = new double[Features];
        var expected = new TreeExplainer(model).Explain(row, contributions);
        Assert.Equal(model.RawScore(row), expected + contributions.Sum(), 10);
        Assert.Equal(Enumerate(model, row), contributions, (a, b) => Math.Abs(a - b) < 1e-10);

        static int FeatureAt(int i) => (i * 7) % Features;
    }

    [Fact]
    public void A_trained_model_is_explained_in_its_log_odds_and_without_allocation()
    {
        var (x, y) = Tables.Mixed(3000, seed: 1);
        var model = GbdtTrainer.Train(x, y, new GbdtOptions { TreeCount = 60 }, cancellationToken: TestContext.Current.CancellationToken);
        var explainer = Explainer.For(model);
        var contributions = new double[x.Schema.Count];
        var mean = 0.0;
        for (var row = 0; row < 500; row++)
        {
            var values = Tables.Row(x, row);
            Assert.Equal(model.RawScore(values), explainer.Explain(values, contributions) + contributions.Sum(), 1e-9);
            mean += model.RawScore(values) / 500;
        }

        var one = Tables.Row(x, 0);
        Assert.Equal(mean, explainer.Explain(one, contributions), .2);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            explainer.Explain(one, contributions);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void A_model_without_trees_has_no_contributions()
    {
        var contributions = new double[] { 9, 9 };
        Assert.Equal(1.5, new TreeExplainer(new GbdtModel(Data.FeatureSchema.Numeric("a", "b"), [], 1.5, ScoreLink.Identity)).Explain([1, 2], contributions));
        Assert.Equal([0, 0], contributions);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(16)]
    public void The_quadrature_is_exact_to_its_degree(int points)
    {
        var (x, w) = GaussLegendre.Rule(points);
        for (var degree = 0; degree < 2 * points; degree++)
        {
            var sum = x.Zip(w, (at, weight) => weight * Math.Pow(at, degree)).Sum();
            Assert.Equal(1.0 / (degree + 1), sum, 13);
        }
    }

    /// <summary>Shapley's formula, over all sets of the other features.</summary>
    private static double[] Enumerate(GbdtModel model, float[] row)
    {
        var features = row.Length;
        var values = new double[1 << features];
        for (var known = 0; known < values.Length; known++)
            values[known] = model.Trees.Sum(tree => Value(tree, row, known));

        // |S|! (n − |S| − 1)! / n!
        var weights = new double[features];
        weights[0] = 1.0 / features;
        for (var size = 1; size < features; size++)
            weights[size] = weights[size - 1] * size / (features - size);
        var shapley = new double[features];
        for (var feature = 0; feature < features; feature++)
        {
            for (var known = 0; known < values.Length; known++)
            {
                if ((known >> feature & 1) == 0)
                    shapley[feature] += weights[int.PopCount(known)] * (values[known | (1 << feature)] - values[known]);
            }
        }

        return shapley;
    }

    /// <summary>What a tree says when only some features are known: at an unknown one both sides count, by their covers.</summary>
    private static double Value(DecisionTree tree, float[] row, int known)
    {
        return At(tree.Nodes.IsEmpty ? ~0 : 0);

        double At(int at)
        {
            if (at < 0)
                return tree.LeafValues[~at];
            var node = tree.Nodes[at];
            if ((known >> node.Feature & 1) != 0)
                return At(node.GoesLeft(row[node.Feature]) ? node.Left : node.Right);
            var (left, right) = (Cover(node.Left), Cover(node.Right));
            return ((left * At(node.Left)) + (right * At(node.Right))) / (left + right);
        }

        double Cover(int at) => at < 0 ? tree.LeafCovers[~at] : Cover(tree.Nodes[at].Left) + Cover(tree.Nodes[at].Right);
    }
}

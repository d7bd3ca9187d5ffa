using Tributary.Intelligence.Evaluation;
using Tributary.Intelligence.Models;
using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Tests.Training;

public sealed class ForestTrainerTests
{
    [Fact]
    public void A_forest_learns_and_its_scores_are_shares()
    {
        var (x, y) = Tables.Mixed(4000, seed: 1);
        var (fresh, truth) = Tables.Mixed(2000, seed: 2);
        var model = Train(x, y, new ForestOptions { TreeCount = 60 });
        var scores = Tables.Scores(model, fresh);
        Assert.InRange(new RankedOutcomes(scores, truth).RocAuc(), .77, 1);
        Assert.All(scores, score => Assert.InRange(score, 0, 1));
        Assert.Equal(truth.Average(), scores.Average(), .02);
        Assert.Equal(60, model.Trees.Length);
    }

    [Fact]
    public void One_full_tree_gives_each_leaf_its_share_of_positives()
    {
        var (x, y) = Tables.Mixed(500, seed: 3);
        var model = Train(x, y, new ForestOptions { TreeCount = 1, RowShare = 1, FeatureSharePerSplit = 1, MinLeafRows = 10 });
        var tree = Assert.Single(model.Trees);
        var leaves = Enumerable.Range(0, 500).GroupBy(row => tree.LeafOf(Tables.Row(x, row)));
        foreach (var leaf in leaves)
        {
            Assert.True(leaf.Count() >= 10);
            Assert.Equal(leaf.Average(row => (double)y[row]), model.Score(Tables.Row(x, leaf.First())), 6);
        }
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_forest()
    {
        var (x, y) = Tables.Mixed(40_000, seed: 4);
        var options = new ForestOptions { TreeCount = 4 };
        var one = Train(x, y, options with { Threads = 1 });
        var three = Train(x, y, options with { Threads = 3 });
        Assert.Equal(one.Trees.SelectMany(tree => tree.LeafValues), three.Trees.SelectMany(tree => tree.LeafValues));
        Assert.Equal(one.Trees.SelectMany(tree => tree.Nodes), three.Trees.SelectMany(tree => tree.Nodes));
    }

    [Fact]
    public void Weights_count()
    {
        var (x, y) = Tables.Mixed(2000, seed: 5);
        var weights = y.Select(label => label == 1 ? 5f : 1).ToArray();
        var plain = Tables.Scores(Train(x, y, new ForestOptions { TreeCount = 10 }), x).Average();
        var weighted = Tables.Scores(Train(x, y, new ForestOptions { TreeCount = 10 }, weights), x).Average();
        Assert.True(weighted > plain + .15);
    }

    private static GbdtModel Train(Data.FeatureMatrix x, float[] y, ForestOptions options, float[]? weights = null) =>
        ForestTrainer.Train(x, y, options, weights, cancellationToken: TestContext.Current.CancellationToken);
}

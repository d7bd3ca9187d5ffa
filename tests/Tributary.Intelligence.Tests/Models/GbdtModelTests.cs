using Tributary.Intelligence.Data;
using Tributary.Intelligence.Models;
using Tributary.Intelligence.Tests.Training;
using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Tests.Models;

public sealed class GbdtModelTests
{
    [Theory]
    [InlineData(3, 4)]
    [InlineData(16, 32)]
    [InlineData(17, 32)]
    [InlineData(32, 31)]
    [InlineData(50, 32)]
    [InlineData(64, 20)]
    [InlineData(65, 32)]
    [InlineData(10, 100)]
    public void Every_layout_scores_what_the_trees_say(int features, int leaves)
    {
        var trees = RandomTrees.Trees((ulong)((features * 1000) + leaves), 40, features, leaves);
        var model = new GbdtModel(RandomTrees.Schema(features), [.. trees], .25, ScoreLink.Identity);
        var traversal = new TreeTraversal([.. trees]);
        var generator = new SeededGenerator(7);
        for (var i = 0; i < 500; i++)
        {
            var row = RandomTrees.Row(ref generator, features);
            double expected = 0;
            foreach (var tree in trees)
                expected += tree.LeafValues[tree.LeafOf(row)];
            Assert.Equal(expected, traversal.Sum(row));
            Assert.Equal(.25 + expected, model.RawScore(row));
        }
    }

    [Fact]
    public void Trees_that_fit_are_scored_without_branches_where_the_machine_can()
    {
        Assert.SkipUnless(System.Runtime.Intrinsics.X86.Avx512F.IsSupported, "This machine has no AVX-512.");
        Assert.True(TreeVectors.Fits([.. RandomTrees.Trees(1, 3, 64, 32)], 64));
        Assert.False(TreeVectors.Fits([.. RandomTrees.Trees(1, 3, 65, 32)], 65));
        var generator = new SeededGenerator(1);
        Assert.False(TreeVectors.Fits([RandomTrees.Tree(ref generator, 5, 33)], 5));
    }

    [Fact]
    public void Scoring_allocates_nothing()
    {
        foreach (var leaves in new[] { 31, 60 })
        {
            var (x, y) = Tables.Mixed(2000, seed: 1);
            var model = GbdtTrainer.Train(
                x, y, new GbdtOptions { TreeCount = 20, MaxLeaves = leaves }, cancellationToken: TestContext.Current.CancellationToken);
            var row = Tables.Row(x, 3);
            var sum = model.Score(row);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
                sum += model.Score(row);
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
            Assert.True(sum > 0);
        }
    }

    [Fact]
    public void A_row_of_another_length_is_refused()
    {
        var model = new GbdtModel(RandomTrees.Schema(3), [.. RandomTrees.Trees(1, 2, 3, 4)], 0, ScoreLink.Logistic);
        Assert.Throws<ArgumentException>(() => model.Score([1, 2]));
        Assert.Throws<ArgumentException>(() => model.Score([1, 2, 3, 4]));
    }

    [Fact]
    public void Links_keep_scores_in_their_range()
    {
        double Score(double raw, ScoreLink link) => new GbdtModel(FeatureSchema.Numeric("a"), [], raw, link).Score([1]);
        Assert.Equal(.5, Score(0, ScoreLink.Logistic));
        Assert.Equal(1, Score(800, ScoreLink.Logistic));
        Assert.Equal(0, Score(-800, ScoreLink.Logistic));
        Assert.Equal(1, Score(1.2, ScoreLink.Share));
        Assert.Equal(0, Score(-.2, ScoreLink.Share));
        Assert.Equal(-7, Score(-7, ScoreLink.Identity));
    }

    [Fact]
    public void Gain_shares_name_the_features_that_matter()
    {
        var generator = new SeededGenerator(3);
        var columns = Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, 1000).Select(_ => (float)generator.NextNormal()).ToArray()).ToArray();
        var y = columns[1].Select(value => value > 0 ? 1f : 0f).ToArray();
        var model = GbdtTrainer.Train(
            new FeatureMatrix(FeatureSchema.Numeric("a", "b", "c"), columns), y, new GbdtOptions { TreeCount = 5 }, cancellationToken: TestContext.Current.CancellationToken);
        var shares = model.GainShares();
        Assert.True(shares[1] > .95);
        Assert.Equal(1, shares.Sum(), 12);
    }

    [Fact]
    public void Nodes_that_form_no_tree_are_refused()
    {
        static TreeNode Node(int left, int right, float threshold = 0) => new(0, threshold, null, false, left, right, 0);
        Assert.Throws<ArgumentException>(() => new DecisionTree([Node(0, ~0)], [1, 2], [1, 1]));
        Assert.Throws<ArgumentException>(() => new DecisionTree([Node(~0, ~0)], [1, 2], [1, 1]));
        Assert.Throws<ArgumentException>(() => new DecisionTree([Node(~0, ~2)], [1, 2], [1, 1]));
        Assert.Throws<ArgumentException>(() => new DecisionTree([Node(~0, ~1, float.NaN)], [1, 2], [1, 1]));
        Assert.Throws<ArgumentException>(() => new DecisionTree([Node(~0, ~1)], [1, double.NaN], [1, 1]));
        Assert.Throws<ArgumentException>(() => new DecisionTree([Node(~0, ~1)], [1, 2], [1, 0]));
        Assert.Throws<ArgumentException>(() => new DecisionTree([Node(~0, ~1)], [1], [1]));
        Assert.Equal(1, new DecisionTree([Node(~0, ~1)], [1, 2], [1, 1]).LeafOf([3]));
    }
}

using Tributary.Intelligence.Data;
using Tributary.Intelligence.Models;

namespace Tributary.Intelligence.Training;

/// <summary>Grows random forests for labels of 0 and 1. The score is the mean of the trees' shares of positives.</summary>
public static class ForestTrainer
{
    /// <summary>Trains a model.</summary>
    /// <param name="x">The rows. Infinities count as the largest finite values; NaN is missing.</param>
    /// <param name="y">A label per row: 0 or 1.</param>
    /// <param name="options">How.</param>
    /// <param name="weights">A weight per row, finite and not negative; empty for 1 each.</param>
    /// <param name="progress">Told after each tree.</param>
    /// <param name="cancellationToken">Ends the training between trees.</param>
    public static GbdtModel Train(
        FeatureMatrix x,
        ReadOnlySpan<float> y,
        ForestOptions options,
        ReadOnlySpan<float> weights = default,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var share = options.FeatureSharePerSplit > 0 ? options.FeatureSharePerSplit : Math.Sqrt(x.Schema.Count) / Math.Max(1, x.Schema.Count);
        var tree = new GbdtOptions
        {
            Objective = Objective.SquaredError,
            TreeCount = options.TreeCount,
            MaxLeaves = options.MaxLeaves,
            MaxDepth = options.MaxDepth,
            MinLeafRows = options.MinLeafRows,
            FeatureSharePerSplit = Math.Min(1, share),
            MaxBins = options.MaxBins,
            RowShare = options.RowShare,
            LearningRate = 1,
            L2 = 0,
            MaxLeafStep = 0,
            CategorySmoothingRows = 1,
            CategoryL2Rows = 0,
        };
        tree.Check(x.Schema.Count);
        TrainingRows.Check(x, y, weights, isBinary: true);
        var threads = options.Threads == 0 ? Environment.ProcessorCount : options.Threads;
        float[] labels = [.. y];
        float[] rowWeights = [.. weights];
        var rate = Rate(labels, rowWeights);
        var scores = new double[labels.Length];
        Array.Fill(scores, rate);

        using var matrix = BinnedMatrix.Create(x, tree.MaxBins, threads);
        using var gradients = new GradientBuffer(x.RowCount, hasHessians: rowWeights.Length > 0, threads);
        using var grower = new TreeGrower(matrix, gradients, tree, threads);
        gradients.SetSquaredError(scores, labels, rowWeights);
        var included = new byte[labels.Length];
        var trees = new DecisionTree[options.TreeCount];
        for (var round = 0; round < trees.Length; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var generator = new SeededGenerator(options.Seed, (ulong)round);
            TrainingRows.Draw(included, [], options.RowShare, ref generator);
            gradients.Pack(included, generator.NextUInt64());
            trees[round] = grower.Grow(ref generator, 1.0 / trees.Length, default);
            progress?.Report(new TrainingProgress(round + 1, trees.Length, double.NaN));
        }

        return new GbdtModel(x.Schema, [.. trees], rate, ScoreLink.Share);
    }

    private static double Rate(float[] labels, float[] weights)
    {
        double sum = 0, total = 0;
        for (var row = 0; row < labels.Length; row++)
        {
            var weight = weights.Length > 0 ? weights[row] : 1;
            sum += weight * labels[row];
            total += weight;
        }

        return sum / total;
    }
}

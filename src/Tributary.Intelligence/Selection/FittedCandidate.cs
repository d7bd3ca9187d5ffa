using Tributary.Intelligence.Data;
using Tributary.Intelligence.Models;
using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Selection;

/// <summary>A candidate without rounds to tune: each fold is a training of its own.</summary>
public sealed class FittedCandidate : ModelCandidate
{
    private readonly Func<FeatureMatrix, float[], CancellationToken, IModel> _train;

    private FittedCandidate(string name, ModelFamily family, Func<FeatureMatrix, float[], CancellationToken, IModel> train)
        : base(name, family) => _train = train;

    /// <summary>A logistic regression.</summary>
    public static FittedCandidate Logistic(string name, LogisticOptions options) =>
        new(name, ModelFamily.Logistic, (x, y, token) => LogisticTrainer.Train(x, y, options, cancellationToken: token));

    /// <summary>A random forest.</summary>
    public static FittedCandidate Forest(string name, ForestOptions options) =>
        new(name, ModelFamily.Forest, (x, y, token) => ForestTrainer.Train(x, y, options, cancellationToken: token));

    internal override OutOfFoldScores CrossFit(CrossFitRows rows, StratifiedFolds folds, SelectionMetric metric, CancellationToken cancellationToken)
    {
        var probabilities = new double[rows.Y.Length];
        var row = new float[rows.X.Schema.Count];
        for (var fold = 0; fold < folds.Count; fold++)
        {
            var train = folds.Train(fold);
            var model = _train(rows.X.Select(train), Array.ConvertAll(train, index => rows.Y[index]), cancellationToken);
            foreach (var index in folds.Test(fold))
            {
                rows.X.CopyRow(index, row);
                probabilities[index] = model.Score(row);
            }
        }

        return new OutOfFoldScores(probabilities, 0);
    }

    internal override IModel Fit(FeatureMatrix x, float[] y, int rounds, CancellationToken cancellationToken) => _train(x, y, cancellationToken);
}

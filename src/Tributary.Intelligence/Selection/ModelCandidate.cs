using Tributary.Intelligence.Data;
using Tributary.Intelligence.Models;

namespace Tributary.Intelligence.Selection;

/// <summary>A way to make a model, to be compared with others.</summary>
/// <param name="name">As reported.</param>
/// <param name="family">The kind of model; blends take the best of each.</param>
public abstract class ModelCandidate(string name, ModelFamily family)
{
    /// <summary>As reported.</summary>
    public string Name { get; } = name;

    /// <summary>The kind of model. Of models that are as good, the earlier family is chosen.</summary>
    public ModelFamily Family { get; } = family;

    /// <summary>Scores every row by a model that was trained on the other folds.</summary>
    internal abstract OutOfFoldScores CrossFit(CrossFitRows rows, StratifiedFolds folds, SelectionMetric metric, CancellationToken cancellationToken);

    /// <summary>Trains on all rows, with as many rounds as were best on average.</summary>
    internal abstract IModel Fit(FeatureMatrix x, float[] y, int rounds, CancellationToken cancellationToken);
}

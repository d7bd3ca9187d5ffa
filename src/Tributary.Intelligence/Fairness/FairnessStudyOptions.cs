using System.Collections.Immutable;
using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Fairness;

/// <summary>How a model with and without reweighing is compared.</summary>
/// <param name="Attribute">The protected attribute.</param>
/// <param name="SelectedIsFavourable">True when being selected is what people want.</param>
/// <param name="Value">What decisions are worth; without a <see cref="Threshold"/>, that of each model is the one worth most on the validation rows.</param>
public sealed record FairnessStudyOptions(ProtectedAttribute Attribute, bool SelectedIsFavourable, OutcomeValue Value)
{
    /// <summary>Where an attribute that is a quantity is cut into groups.</summary>
    public ImmutableArray<float> Bands { get; init; } = [];

    /// <summary>The threshold of both models; null for the best of each.</summary>
    public double? Threshold { get; init; }

    /// <summary>How the trees are grown.</summary>
    public GbdtOptions Trees { get; init; } = new() { TreeCount = 100, LearningRate = 0.1, MinLeafRows = 40 };

    /// <summary>The seed of the folds: of five, the first is the test, the second sets the threshold, and three train.</summary>
    public long FoldSeed { get; init; } = 42;

    /// <summary>Resamples of the bootstrap.</summary>
    public int Replicates { get; init; } = 1_000;
}

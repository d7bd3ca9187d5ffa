using System.Collections.Immutable;
using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Selection;

/// <summary>How candidates are compared.</summary>
public sealed record SelectionOptions
{
    /// <summary>What they are compared by.</summary>
    public SelectionMetric Metric { get; init; }

    /// <summary>Folds of a repetition.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>Repetitions, each with folds of its own; 0 for as many as the rows need: 4 below 3,000 rows, 2 below 10,000, else 1.</summary>
    public int Repetitions { get; init; }

    /// <summary>How much is given for a simpler model.</summary>
    public Parsimony Parsimony { get; init; } = Parsimony.Paired;

    /// <summary>The seed of the folds.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Whether weighted means of the best of each family compete too.</summary>
    public bool Blends { get; init; } = true;

    /// <summary>The candidates; empty for <see cref="DefaultCandidates"/>.</summary>
    public ImmutableArray<ModelCandidate> Candidates { get; init; } = [];

    /// <summary>Candidates for tables of some hundreds to some hundred thousands of rows.</summary>
    /// <param name="threads">Threads at most; 0 for one per processor.</param>
    public static ImmutableArray<ModelCandidate> DefaultCandidates(int threads = 0)
    {
        var trees = new GbdtOptions { Threads = threads, LearningRate = .05, TreeCount = 400, RowShare = .8, FeatureSharePerSplit = .5 };
        return
        [
            FittedCandidate.Logistic("logistic, λ 10", new LogisticOptions { L2 = 10 }),
            FittedCandidate.Logistic("logistic, 3 knots, λ 10", new LogisticOptions { L2 = 10, Knots = 3 }),
            FittedCandidate.Logistic("logistic, 7 knots, λ 1", new LogisticOptions { L2 = 1, Knots = 7 }),
            FittedCandidate.Logistic("logistic, 12 knots, λ 3", new LogisticOptions { L2 = 3, Knots = 12 }),
            new GbdtCandidate("boosting, 4 leaves", trees with { MaxLeaves = 4, LearningRate = .1, RowShare = .5 }),
            new GbdtCandidate("boosting, 8 leaves", trees with { MaxLeaves = 8, MaxBins = 33 }),
            new GbdtCandidate("boosting, 16 leaves", trees with { MaxLeaves = 16, L2 = 5 }),
            new GbdtCandidate("boosting, 31 leaves, sampled rows", trees with { MaxLeaves = 31, L2 = 5, LearningRate = .03 }),
            new GbdtCandidate(
                "boosting, 31 leaves, sampled features", trees with { MaxLeaves = 31, RowShare = 1, FeatureShare = .5, FeatureSharePerSplit = 1 }),
            FittedCandidate.Forest("forest", new ForestOptions { MinLeafRows = 8, Threads = threads }),
        ];
    }
}

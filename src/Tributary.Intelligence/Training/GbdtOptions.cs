using System.Collections.Immutable;
using Tributary.Intelligence.Models;

namespace Tributary.Intelligence.Training;

/// <summary>
/// How gradient-boosted trees are grown. The defaults hold with few positives (0.8 %): where labels are rare, hessians are small, and a leaf
/// without regularisation takes a step that no data justify.
/// </summary>
public sealed record GbdtOptions
{
    /// <summary>What is minimised.</summary>
    public Objective Objective { get; init; }

    /// <summary>Rounds of boosting, a tree each.</summary>
    public int TreeCount { get; init; } = 200;

    /// <summary>Leaves of a tree at most. Trees grow leaf-wise: the split with the greatest gain is next, wherever it is.</summary>
    public int MaxLeaves { get; init; } = 31;

    /// <summary>Splits on the way to a leaf at most; 0 for no limit.</summary>
    public int MaxDepth { get; init; }

    /// <summary>The share of each tree's step that is taken, above 0 and at most 1.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>Added to the hessian of a leaf (λ): a leaf with little evidence stays near zero.</summary>
    public double L2 { get; init; } = 1;

    /// <summary>The gain (reduction of the loss, summed over rows) below which no split is made.</summary>
    public double MinGain { get; init; }

    /// <summary>The least sum of hessians of a leaf. A row that is surely negative weighs little: 1 is 125 rows of eight positives in a thousand.</summary>
    public double MinChildWeight { get; init; } = 1;

    /// <summary>The fewest rows of a leaf, counted exactly.</summary>
    public int MinLeafRows { get; init; } = 20;

    /// <summary>The largest step of a leaf before the learning rate, in units of the raw score; 0 for no limit.</summary>
    public double MaxLeafStep { get; init; } = 10;

    /// <summary>Bins of a feature at most, missing values included: 3 … 256.</summary>
    public int MaxBins { get; init; } = 256;

    /// <summary>
    /// The share of a numeric feature's bins that are cut where the rarer class lies (binary only), 0 … 1. Rare positives sit in a tail that quantiles
    /// of all rows put into a bin or two; half of the bins there give trees the thresholds that separate them.
    /// </summary>
    public double RareClassBinShare { get; init; }

    /// <summary>The share of the rows that each tree sees, drawn without replacement.</summary>
    public double RowShare { get; init; } = 1;

    /// <summary>The share of the features that each tree may split on.</summary>
    public double FeatureShare { get; init; } = 1;

    /// <summary>The share of a tree's features that each split may choose from.</summary>
    public double FeatureSharePerSplit { get; init; } = 1;

    /// <summary>Multiplies the weight of positives (binary only); scores are then too high unless calibrated.</summary>
    public double PositiveWeight { get; init; } = 1;

    /// <summary>Weighs the classes so that both have the same sum (binary only), on top of <see cref="PositiveWeight"/>.</summary>
    public bool BalanceClasses { get; init; }

    /// <summary>
    /// For each feature +1 (the score never falls when it rises), −1 (never rises) or 0; empty for no constraint. Numeric features only.
    /// </summary>
    public ImmutableArray<int> Monotone { get; init; } = [];

    /// <summary>Evidence added to a category before categories are ordered by their gradient, in rows of average hessian.</summary>
    public double CategorySmoothingRows { get; init; } = 10;

    /// <summary>Added to <see cref="L2"/> for a split on categories, in rows of average hessian.</summary>
    public double CategoryL2Rows { get; init; } = 10;

    /// <summary>Categories on the smaller side of a split at most.</summary>
    public int MaxCategoriesPerSplit { get; init; } = 32;

    /// <summary>Holds rows out and stops in time; null grows every tree.</summary>
    public EarlyStopping? EarlyStopping { get; init; }

    /// <summary>The seed of sampling and rounding.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Threads at most; 0 for one per processor. The model is the same, bit for bit, for any number.</summary>
    public int Threads { get; init; }

    /// <summary>Throws when an option is out of its range or does not fit the features.</summary>
    /// <param name="featureCount">Features of the table.</param>
    internal void Check(int featureCount)
    {
        Require(TreeCount is >= 1 and <= GbdtModel.MaxTrees, nameof(TreeCount), "1 … 100,000");
        Require(MaxLeaves is >= 2 and <= 65_536, nameof(MaxLeaves), "2 … 65,536");
        Require(MaxDepth is >= 0, nameof(MaxDepth), "0 or more");
        Require(LearningRate is > 0 and <= 1, nameof(LearningRate), "above 0, at most 1");
        Require(L2 is >= 0 and < double.PositiveInfinity, nameof(L2), "0 or more");
        Require(MinGain is >= 0 and < double.PositiveInfinity, nameof(MinGain), "0 or more");
        Require(MinChildWeight is >= 0 and < double.PositiveInfinity, nameof(MinChildWeight), "0 or more");
        Require(MinLeafRows is >= 1, nameof(MinLeafRows), "1 or more");
        Require(MaxLeafStep is >= 0, nameof(MaxLeafStep), "0 or more");
        Require(MaxBins is >= 3 and <= 256, nameof(MaxBins), "3 … 256");
        Require(RareClassBinShare is >= 0 and <= 1, nameof(RareClassBinShare), "0 … 1");
        Require(RowShare is > 0 and <= 1, nameof(RowShare), "above 0, at most 1");
        Require(FeatureShare is > 0 and <= 1, nameof(FeatureShare), "above 0, at most 1");
        Require(FeatureSharePerSplit is > 0 and <= 1, nameof(FeatureSharePerSplit), "above 0, at most 1");
        Require(PositiveWeight is > 0 and < double.PositiveInfinity, nameof(PositiveWeight), "above 0");
        Require(Monotone.IsDefaultOrEmpty || Monotone.Length == featureCount, nameof(Monotone), "a number per feature, or none");
        Require(Monotone.IsDefaultOrEmpty || Monotone.All(sign => sign is >= -1 and <= 1), nameof(Monotone), "−1, 0 or +1");
        Require(CategorySmoothingRows is >= 0, nameof(CategorySmoothingRows), "0 or more");
        Require(CategoryL2Rows is >= 0, nameof(CategoryL2Rows), "0 or more");
        Require(MaxCategoriesPerSplit is >= 1, nameof(MaxCategoriesPerSplit), "1 or more");
        Require(Threads is >= 0, nameof(Threads), "0 or more");
        Require(EarlyStopping is null || EarlyStopping.Rounds >= 1, nameof(EarlyStopping), "1 round or more");
        Require(EarlyStopping is null || EarlyStopping.HoldOutShare is > 0 and <= .5, nameof(EarlyStopping), "a share above 0, at most 0.5");
        Require(
            EarlyStopping is null || Objective == Objective.BinaryLogLoss || EarlyStopping.Metric == StoppingMetric.Loss,
            nameof(EarlyStopping),
            "the loss, for a regression");
    }

    private static void Require(bool holds, string name, string range)
    {
        if (!holds)
            throw new ArgumentException($"{name} must be {range}.", name);
    }
}

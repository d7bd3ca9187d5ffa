namespace Tributary.Intelligence.Training;

/// <summary>How a random forest is grown (Breiman, 2001): deep trees on samples of the rows, few features at each split, averaged.</summary>
public sealed record ForestOptions
{
    /// <summary>Trees.</summary>
    public int TreeCount { get; init; } = 300;

    /// <summary>Leaves of a tree at most.</summary>
    public int MaxLeaves { get; init; } = 4096;

    /// <summary>Splits on the way to a leaf at most; 0 for no limit.</summary>
    public int MaxDepth { get; init; }

    /// <summary>The fewest rows of a leaf.</summary>
    public int MinLeafRows { get; init; } = 5;

    /// <summary>The share of the rows that each tree sees, drawn without replacement: 0.632 is as many different rows as a bootstrap holds.</summary>
    public double RowShare { get; init; } = .632;

    /// <summary>The share of the features that each split may choose from; 0 for the square root of their number.</summary>
    public double FeatureSharePerSplit { get; init; }

    /// <summary>Bins of a feature at most, missing values included: 3 … 256.</summary>
    public int MaxBins { get; init; } = 64;

    /// <summary>The seed of sampling.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Threads at most; 0 for one per processor. The model is the same, bit for bit, for any number.</summary>
    public int Threads { get; init; }
}

namespace Tributary.Intelligence.Training;

/// <summary>A way to part the rows of a node.</summary>
internal struct Split
{
    /// <summary>No split: the gain is not above zero.</summary>
    public static readonly Split None = new() { Feature = -1 };

    public int Feature;

    /// <summary>Numeric: the last value bin on the left; unused for categories.</summary>
    public int Bin;

    /// <summary>Every bin that goes left, that of missing values included.</summary>
    public BinSet LeftBins;

    /// <summary>Reduction of the loss, in the loss's own units.</summary>
    public double Gain;

    public LeafSums Left;
}

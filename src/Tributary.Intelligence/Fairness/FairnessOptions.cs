namespace Tributary.Intelligence.Fairness;

/// <summary>How an audit is made.</summary>
/// <param name="Threshold">The deployed threshold: selected are scores at or above it.</param>
/// <param name="SelectedIsFavourable">True when being selected is what people want (a loan), false when it is what they fear (a block).</param>
/// <param name="Value">What decisions are worth.</param>
public sealed record FairnessOptions(double Threshold, bool SelectedIsFavourable, OutcomeValue Value)
{
    /// <summary>The coverage of the intervals.</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>Resamples of the bootstrap.</summary>
    public int Replicates { get; init; } = 1_000;

    /// <summary>The seed of the bootstrap.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Bins of equal size in which calibration is measured.</summary>
    public int CalibrationBins { get; init; } = 10;
}

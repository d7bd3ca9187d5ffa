namespace Tributary.Intelligence.Training;

/// <summary>Stops boosting when rows held out of the training no longer gain, and keeps the trees up to the best round.</summary>
public sealed record EarlyStopping
{
    /// <summary>Rounds without a gain after which training stops.</summary>
    public int Rounds { get; init; } = 30;

    /// <summary>The share of the rows held out, above 0 and at most 0.5.</summary>
    public double HoldOutShare { get; init; } = 0.15;

    /// <summary>
    /// True holds out the last rows (rows in order of time, so that the future judges the past); false draws them at random, the same share of
    /// each class.
    /// </summary>
    public bool HoldOutLast { get; init; }

    /// <summary>What is watched.</summary>
    public StoppingMetric Metric { get; init; }
}

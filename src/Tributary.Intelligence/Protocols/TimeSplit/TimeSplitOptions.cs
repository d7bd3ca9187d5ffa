using Tributary.Intelligence.Decisions.Backtesting;
using Tributary.Intelligence.Features.Definitions;
using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Protocols.TimeSplit;

/// <summary>What a split by time is run with.</summary>
public sealed record TimeSplitOptions
{
    /// <summary>The share of the payments that are tested: the last ones.</summary>
    public double TestShare { get; init; } = 0.3;

    /// <summary>Days before the first payment tested that are not trained on: their outcomes are not known by then.</summary>
    public int GapDays { get; init; } = 7;

    /// <summary>The features.</summary>
    public required FeatureSet Features { get; init; }

    /// <summary>How the model is trained; null for <see cref="FraudTraining.Options"/> by the rows at hand.</summary>
    public GbdtOptions? Training { get; init; }

    /// <summary>What decisions cost and save.</summary>
    public BacktestEconomics Economics { get; init; } = new();

    /// <summary>Resamples of the cards for the intervals.</summary>
    public int Replicates { get; init; } = 500;

    /// <summary>The seed of training and resampling.</summary>
    public ulong Seed { get; init; } = 1;
}

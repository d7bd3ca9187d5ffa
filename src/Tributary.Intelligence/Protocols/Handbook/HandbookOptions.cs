using System.Collections.Immutable;
using Tributary.Intelligence.Features.Definitions;
using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Protocols.Handbook;

/// <summary>What the handbook's protocol is run with.</summary>
public sealed record HandbookOptions
{
    /// <summary>The first test day of each fold; empty for the last weeks of the file, four at most, that leave enough days to train on.</summary>
    public ImmutableArray<DateOnly> Folds { get; init; } = [];

    /// <summary>Days trained on; they end seven days before the first test day.</summary>
    public int TrainDays { get; init; } = 90;

    /// <summary>Cards that can be looked at in a day.</summary>
    public int TopCards { get; init; } = 100;

    /// <summary>The features.</summary>
    public FeatureSet Features { get; init; } = HandbookFeatures.Engine;

    /// <summary>How the model is trained; null for <see cref="FraudTraining.Options"/> by the rows at hand.</summary>
    public GbdtOptions? Training { get; init; }

    /// <summary>Resamples of the cards for the intervals.</summary>
    public int Replicates { get; init; } = 500;

    /// <summary>The seed of training and resampling.</summary>
    public ulong Seed { get; init; } = 1;
}

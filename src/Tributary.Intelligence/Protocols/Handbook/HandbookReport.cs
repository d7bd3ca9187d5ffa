using System.Collections.Immutable;
using Tributary.Intelligence.Evaluation;

namespace Tributary.Intelligence.Protocols.Handbook;

/// <summary>What the handbook's protocol showed, with all that is needed to run it again.</summary>
public sealed record HandbookReport
{
    /// <summary>The file's name, without its folder.</summary>
    public required string Data { get; init; }

    public required int Payments { get; init; }

    public required int Frauds { get; init; }

    public required DateOnly FirstDay { get; init; }

    public required DateOnly LastDay { get; init; }

    public required int TrainDays { get; init; }

    public required int TopCards { get; init; }

    public required ulong Seed { get; init; }

    public required int Replicates { get; init; }

    /// <summary>The model in a few words.</summary>
    public required string Model { get; init; }

    /// <summary>The features, in their text form.</summary>
    public required string Features { get; init; }

    public required ImmutableArray<HandbookFoldResult> Folds { get; init; }

    /// <summary>The mean over the folds, with the interval by resampling cards.</summary>
    public required ConfidenceInterval RocAuc { get; init; }

    /// <summary>The mean over the folds, with the interval by resampling cards.</summary>
    public required ConfidenceInterval AveragePrecision { get; init; }

    /// <summary>The mean over the folds, with the interval by resampling cards.</summary>
    public required ConfidenceInterval CardPrecision { get; init; }

    /// <summary>The mean over the folds for the true labels.</summary>
    public required double OracleCardPrecision { get; init; }

    public required TimeSpan Elapsed { get; init; }
}

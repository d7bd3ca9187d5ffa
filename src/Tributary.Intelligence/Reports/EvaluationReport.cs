using System.Collections.Immutable;
using Tributary.Intelligence.Evaluation;

namespace Tributary.Intelligence.Reports;

/// <summary>What a protocol showed, with all that is needed to run it again.</summary>
public sealed record EvaluationReport
{
    /// <summary>The protocol's name.</summary>
    public required string Protocol { get; init; }

    public required DataFacts Data { get; init; }

    /// <summary>How training and test were cut, in sentences.</summary>
    public required ImmutableArray<string> Split { get; init; }

    /// <summary>The seed of training and resampling.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Resamples behind each interval.</summary>
    public required int Replicates { get; init; }

    /// <summary>The model in a few words.</summary>
    public required string Model { get; init; }

    /// <summary>The features, a line each.</summary>
    public required ImmutableArray<string> Features { get; init; }

    public required ImmutableArray<FoldFacts> Folds { get; init; }

    /// <summary>The mean over the folds, with intervals by resampling cards.</summary>
    public required ImmutableSortedDictionary<string, ConfidenceInterval> Metrics { get; init; }

    /// <summary>The same for the reference features; null when they were not asked for.</summary>
    public ImmutableSortedDictionary<string, ConfidenceInterval>? Reference { get; init; }

    /// <summary>What the true labels would reach, where a metric does not go to 1.</summary>
    public ImmutableSortedDictionary<string, double> Oracle { get; init; } = ImmutableSortedDictionary<string, double>.Empty;

    /// <summary>What policies on the score would have done.</summary>
    public ImmutableArray<PolicyFacts> Policies { get; init; } = [];

    /// <summary>What decisions are taken to cost and save, in sentences.</summary>
    public ImmutableArray<string> Economics { get; init; } = [];

    public required RunFacts Run { get; init; }
}

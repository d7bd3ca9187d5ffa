using System.Collections.Immutable;
using Tributary.Intelligence.Data;
using Tributary.Intelligence.Evaluation;
using Tributary.Intelligence.Models;
using Tributary.Intelligence.Reports;

namespace Tributary.Intelligence.Protocols.TimeSplit;

/// <summary>What a split by time showed, and all that plots and reasons are made of.</summary>
public sealed record TimeSplitRun
{
    public required int TrainRows { get; init; }

    public required int TrainFrauds { get; init; }

    /// <summary>The time of the last payment trained on.</summary>
    public required DateTimeOffset TrainEnd { get; init; }

    /// <summary>The time of the first payment tested.</summary>
    public required DateTimeOffset TestStart { get; init; }

    public required IModel Model { get; init; }

    /// <summary>The features of the payments tested.</summary>
    public required FeatureMatrix Features { get; init; }

    public required ScoredPayments Payments { get; init; }

    /// <summary>What was measured, with intervals by resampling cards.</summary>
    public required ImmutableSortedDictionary<string, ConfidenceInterval> Metrics { get; init; }
}

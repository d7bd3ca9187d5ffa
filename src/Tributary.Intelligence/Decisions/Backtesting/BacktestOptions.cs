using Tributary.Intelligence.Models;
using Tributary.Intelligence.Policy.Evaluation;

namespace Tributary.Intelligence.Decisions.Backtesting;

/// <summary>How history is run over.</summary>
public sealed record BacktestOptions
{
    /// <summary>The time of the run: what happened later is not there yet.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>The lists as the policy is to see them. Lists of the past are not kept.</summary>
    public required PolicyLists Lists { get; init; }

    /// <summary>Decisions from here on; null for all.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Decisions before this; null for all.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>How long a payment that went on must have been left alone to count as good.</summary>
    public TimeSpan LabelDelay { get; init; } = TimeSpan.FromDays(30);

    /// <summary>The whole-number fact that holds a payment's amount in minor units; null to leave money out.</summary>
    public string? AmountFact { get; init; }

    /// <summary>What decisions cost and save.</summary>
    public BacktestEconomics Economics { get; init; } = new();

    /// <summary>Scores the rows again with this model; null for the scores of the journal.</summary>
    public IModel? Rescore { get; init; }

    /// <summary>Changed decisions that are named in the report at most.</summary>
    public int MaxExamples { get; init; } = 20;
}

namespace Tributary.Intelligence.Decisions.Backtesting;

/// <summary>How a text is run over a journal as a command does it.</summary>
public sealed record JournalBacktestOptions
{
    /// <summary>The time of the run.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>Entries of the lists; a list that is not named is empty.</summary>
    public IReadOnlyDictionary<string, IReadOnlyCollection<string>> Lists { get; init; } = new Dictionary<string, IReadOnlyCollection<string>>(StringComparer.Ordinal);

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
}

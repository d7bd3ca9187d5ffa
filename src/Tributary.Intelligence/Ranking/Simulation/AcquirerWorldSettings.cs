namespace Tributary.Intelligence.Ranking.Simulation;

/// <summary>The constants of <see cref="AcquirerWorld"/>.</summary>
public sealed record AcquirerWorldSettings
{
    /// <summary>The world that the documented figures are for.</summary>
    public static AcquirerWorldSettings Documented { get; } = new();

    /// <summary>Payments in one run.</summary>
    public int PaymentCount { get; init; } = 60_000;

    /// <summary>Processors; each belongs to an acquirer.</summary>
    public int ProcessorCount { get; init; } = 9;

    /// <summary>Acquirers, whose outages hit all their processors at once.</summary>
    public int AcquirerCount { get; init; } = 4;

    /// <summary>Segments; the share of each falls as one by its rank.</summary>
    public int SegmentCount { get; init; } = 8;

    /// <summary>Payments per hour on the mean of a day; at its peak 1.8 times, at its trough 0.2 times as many.</summary>
    public double PaymentsPerHour { get; init; } = 150;

    /// <summary>The range, in logits, from which the level of a processor for a segment is drawn evenly.</summary>
    public (double Low, double High) Level { get; init; } = (0.8, 2.8);

    /// <summary>Mean time until the level of a processor for a segment is drawn anew.</summary>
    public TimeSpan LevelLife { get; init; } = TimeSpan.FromDays(8);

    /// <summary>How far, in logits, a processor's level swings over a day, each with a phase of its own.</summary>
    public double DailySwing { get; init; } = 0.2;

    /// <summary>Mean time between troubles of an acquirer.</summary>
    public TimeSpan MeanUptime { get; init; } = TimeSpan.FromDays(2);

    /// <summary>Shortest and longest trouble; lengths are Pareto with a tail of 1.2 from the shortest on.</summary>
    public (TimeSpan Least, TimeSpan Most) TroubleLength { get; init; } = (TimeSpan.FromMinutes(10), TimeSpan.FromHours(16));

    /// <summary>The share of outcomes that come late, by minutes (exponential, mean 10) rather than by seconds (exponential, mean 5).</summary>
    public double LateShare { get; init; } = 0.1;
}

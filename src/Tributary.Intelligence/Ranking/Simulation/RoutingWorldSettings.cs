using System.Collections.Immutable;

namespace Tributary.Intelligence.Ranking.Simulation;

/// <summary>The constants of the routing simulator; the defaults are those of docs/intelligence/routing-simulator.md.</summary>
public sealed record RoutingWorldSettings
{
    /// <summary>The world that the documented figures are for.</summary>
    public static RoutingWorldSettings Documented { get; } = new();

    /// <summary>Payments in one run.</summary>
    public int PaymentCount { get; init; } = 60_000;

    /// <summary>Processors that every payment may go to.</summary>
    public int ProcessorCount { get; init; } = 5;

    /// <summary>Share of each segment in the payments; they sum to one.</summary>
    public ImmutableArray<double> SegmentShares { get; init; } = [0.30, 0.22, 0.18, 0.14, 0.10, 0.06];

    /// <summary>Mean time between payments (exponential).</summary>
    public TimeSpan MeanInterarrival { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Mean and standard deviation, in logits, of a processor's lasting quality.</summary>
    public (double Mean, double Deviation) Quality { get; init; } = (1.8, 0.35);

    /// <summary>Standard deviation, in logits, of a segment's lasting difference at a processor.</summary>
    public double SegmentDeviation { get; init; } = 0.5;

    /// <summary>Stationary standard deviation (logits) and relaxation time of the drift that all segments of a processor share.</summary>
    public (double Deviation, TimeSpan Relaxation) CommonDrift { get; init; } = (0.25, TimeSpan.FromDays(3));

    /// <summary>Stationary standard deviation (logits) and relaxation time of the drift of one segment at one processor.</summary>
    public (double Deviation, TimeSpan Relaxation) SegmentDrift { get; init; } = (0.25, TimeSpan.FromDays(2));

    /// <summary>Mean time between the steps of one processor, and the chance that a step redraws a given segment's difference.</summary>
    public (TimeSpan Mean, double SegmentChance) Steps { get; init; } = (TimeSpan.FromDays(6), 1.0 / 3);

    /// <summary>Mean time from the end of one outage of a processor to the start of its next.</summary>
    public TimeSpan MeanUptime { get; init; } = TimeSpan.FromDays(3);

    /// <summary>Median and log-deviation of an outage's length, which is held between <see cref="OutageLeast"/> and <see cref="OutageMost"/>.</summary>
    public (TimeSpan Median, double LogDeviation) OutageLength { get; init; } = (TimeSpan.FromMinutes(45), 0.9);

    /// <summary>The shortest outage.</summary>
    public TimeSpan OutageLeast { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>The longest outage.</summary>
    public TimeSpan OutageMost { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Shares of full and of degraded outages; the rest hits one segment only.</summary>
    public (double Full, double Degraded) OutageKinds { get; init; } = (0.55, 0.25);

    /// <summary>Median and log-deviation of the time until a payment's outcome is known.</summary>
    public (TimeSpan Median, double LogDeviation) OutcomeDelay { get; init; } = (TimeSpan.FromSeconds(6), 0.8);
}

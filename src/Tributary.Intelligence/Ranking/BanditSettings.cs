using System.Collections.Immutable;

namespace Tributary.Intelligence.Ranking;

/// <summary>
/// The constants of the bandit under routing and ranking. Time is counted in ticks: one per choice, and one more per
/// <see cref="TickSeconds"/> of the clock, so that forgetting and probing go on both in a busy shop and in a quiet one.
/// The defaults hold over worlds that differ widely in traffic, drift and outages; results are flat around them.
/// </summary>
public sealed record BanditSettings
{
    /// <summary>The defaults.</summary>
    public static BanditSettings Default { get; } = new();

    /// <summary>Half-lives of the evidence, in ticks. Every cell weighs them by how well each predicts, so a steady cell remembers long and a changing one forgets fast.</summary>
    public ImmutableArray<double> HalfLifeTicks { get; init; } = [800, 3_000, 12_000, 50_000];

    /// <summary>How many observations of its own an arm's global rate is worth to a segment; weighed by prediction like the half-lives.</summary>
    public ImmutableArray<double> PoolingStrengths { get; init; } = [8, 40];

    /// <summary>
    /// How far segments lie apart at all arms alike, as a deviation in log-odds: an issuer that declines more, whoever asks. Whether they do at all is
    /// learned from how well outcomes are predicted with and without.
    /// </summary>
    public double SegmentDeviation { get; init; } = 1;

    /// <summary>How many observations the population of arms is worth to one arm.</summary>
    public double ArmPriorStrength { get; init; } = 4;

    /// <summary>The success rate that is expected before anything is seen, and its worth in observations.</summary>
    public (double Mean, double Strength) Prior { get; init; } = (0.85, 10);

    /// <summary>How many observations of a segment's rate a shopper's own history is weighed against.</summary>
    public double ShopperPriorStrength { get; init; } = 6;

    /// <summary>
    /// The factor on the posterior's standard deviation when it is sampled; one is plain Thompson sampling. Evidence that keeps fading
    /// keeps the posterior wide, and plain sampling then explores arms known to be worse for ever.
    /// </summary>
    public double ExplorationScale { get; init; } = 0.25;

    /// <summary>The share by which a cell's weights over half-lives and strengths are pulled back to even after each outcome (Herbster and Warmuth's fixed share).</summary>
    public double FixedShare { get; init; } = 0.005;

    /// <summary>Seconds of the clock that count as one tick.</summary>
    public double TickSeconds { get; init; } = 60;

    /// <summary>Outages of an arm, and of an arm in one segment, per tick.</summary>
    public (double Arm, double Segment) OutageHazardPerTick { get; init; } = (1.0 / 12_000, 1.0 / 40_000);

    /// <summary>Lengths of outages held possible, in ticks, equally likely at first. An outage that outlasts the short ones is probed more and more rarely.</summary>
    public ImmutableArray<double> OutageLengthTicks { get; init; } = [15, 60, 240, 1_000, 4_000];

    /// <summary>The factor on the success rate in an outage, and in a degradation; and the share of degradations among both.</summary>
    public (double Down, double Degraded, double DegradedShare) OutageEffect { get; init; } = (0.04, 0.5, 0.25);

    /// <summary>
    /// Whether each choice carries its propensities, which take most of its time. Without them (they are NaN) the same draws are made and
    /// nothing can be evaluated off policy: for simulations.
    /// </summary>
    public bool LogPropensities { get; init; } = true;

    /// <summary>Arms at most; a choice with more is refused.</summary>
    public int MaxArms { get; init; } = 64;

    /// <summary>Segments kept; the least recently used is forgotten.</summary>
    public int MaxSegments { get; init; } = 4_096;

    /// <summary>Shoppers kept; the least recently used is forgotten.</summary>
    public int MaxShoppers { get; init; } = 100_000;

    /// <summary>Choices whose outcome may be outstanding; the outcome of an older choice is refused as too late.</summary>
    public int MaxPending { get; init; } = 65_536;
}

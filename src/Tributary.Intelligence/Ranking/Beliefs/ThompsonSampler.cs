using Tributary.Intelligence.Privacy;
using Tributary.Intelligence.Ranking.Outages;
using Tributary.Intelligence.Ranking.Sampling;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Ranking.Beliefs;

/// <summary>
/// Hierarchical discounted Thompson sampling with outage detection: draws a utility for each arm from what is believed of it.
/// Russo et al., "A Tutorial on Thompson Sampling" (2018); Garivier and Moulines, "On Upper-Confidence Bound Policies for Switching
/// Bandit Problems" (2011) for discounting. One owner at a time.
/// </summary>
internal sealed class ThompsonSampler
{
    /// <summary>The longest name of an arm or a segment, in characters.</summary>
    public const int MaxNameLength = 200;

    private readonly BanditSettings _settings;
    private readonly ArmHierarchy _hierarchy;
    private readonly TickClock _clock;
    private readonly Variates _variates;
    private readonly BestArmProbability _bestArm = new();

    public ThompsonSampler(BanditSettings settings, IEntropy entropy)
    {
        _settings = settings;
        _hierarchy = new ArmHierarchy(settings);
        _clock = new TickClock(settings.TickSeconds);
        _variates = new Variates(entropy);
        Pending = new PendingChoices(settings.MaxPending);
    }

    public PendingChoices Pending { get; }

    /// <summary>Lets the time of a choice, or of an outcome (no choice), pass.</summary>
    public void Advance(DateTimeOffset now, int choices) => _clock.Advance(now, choices);

    /// <summary>Draws utilities, and computes how likely each arm was to be drawn best.</summary>
    /// <returns>A bound on the error of the propensities; NaN, like them, where they are not wanted.</returns>
    public double Draw(string segment, string? shopper, ReadOnlySpan<int> arms, ReadOnlySpan<ArmUtility> utilities, Span<double> drawn, Span<double> propensities)
    {
        var beliefs = new ArmBelief[arms.Length];
        var effect = _settings.OutageEffect;
        for (var i = 0; i < arms.Length; i++)
        {
            beliefs[i] = _hierarchy.Believe(arms[i], segment, shopper, _clock.Tick, _settings.ExplorationScale);
            var rate = _variates.NextBeta(beliefs[i].Rate.A, beliefs[i].Rate.B);
            var state = _variates.NextUniform();
            var availability = beliefs[i].Availability;
            var factor = state < availability.Down ? effect.Down : state < availability.Down + availability.Degraded ? effect.Degraded : 1;
            drawn[i] = utilities[i].At(rate * factor);
        }

        if (!_settings.LogPropensities)
        {
            propensities.Fill(double.NaN);
            return double.NaN;
        }

        return _bestArm.Compute(beliefs, utilities, (effect.Down, effect.Degraded), propensities);
    }

    /// <summary>Repeats a choice from the journal: the same looks at the same beliefs at the same ticks, without a draw.</summary>
    public void Replay(DateTimeOffset at, ulong sequence, string segment, string? shopper, IEnumerable<string> arms)
    {
        int[] indices = [.. arms.Select(arm => _hierarchy.IndexOf(arm, _clock.Tick)).Where(static index => index >= 0)];
        _clock.Advance(at, choices: 1);
        foreach (var index in indices)
            _ = _hierarchy.Believe(index, segment, shopper, _clock.Tick, _settings.ExplorationScale);
        Pending.OpenAt(sequence);
    }

    public void Learn(string arm, string segment, string? shopper, bool succeeded)
    {
        var index = _hierarchy.IndexOf(arm, _clock.Tick);
        if (index >= 0)
            _hierarchy.Learn(index, segment, shopper, succeeded, _clock.Tick);
    }

    /// <summary>Learns that a shopper took an arm of their own accord.</summary>
    public void LearnTaste(string arm, string shopper)
    {
        var index = _hierarchy.IndexOf(arm, _clock.Tick);
        if (index >= 0)
            _hierarchy.LearnShopper(index, shopper, succeeded: true, weight: 1, _clock.Tick);
    }

    /// <summary>The numbers of the arms named, or why the choice cannot be made.</summary>
    public Result<int[], Refusal> Resolve(string segment, string? shopper, IReadOnlyList<string> arms)
    {
        if (segment.Length is 0 or > MaxNameLength)
            return new Refusal("segment", $"A segment has 1 to {MaxNameLength} characters.");
        if (shopper is not null && !Pseudonym.IsWellFormed(shopper))
            return new Refusal("shopper", "A shopper is named by a pseudonym of 32 to 64 lower-case hex digits; pass null where there is none.");
        if (arms.Count == 0)
            return new Refusal("offers", "There is nothing to choose from.");
        if (arms.Count > _settings.MaxArms)
            return new Refusal("offers", $"{arms.Count} are offered, {_settings.MaxArms} are possible.");

        var indices = new int[arms.Count];
        for (var i = 0; i < indices.Length; i++)
        {
            if (arms[i].Length is 0 or > MaxNameLength)
                return new Refusal($"offers[{i}]", $"A name has 1 to {MaxNameLength} characters.");
            for (var j = 0; j < i; j++)
            {
                if (string.Equals(arms[i], arms[j], StringComparison.Ordinal))
                    return new Refusal($"offers[{i}]", $"\"{arms[i]}\" is offered twice.");
            }

            indices[i] = _hierarchy.IndexOf(arms[i], _clock.Tick);
            if (indices[i] < 0)
                return new Refusal($"offers[{i}]", $"\"{arms[i]}\" would be name number {_settings.MaxArms + 1}; {_settings.MaxArms} are possible.");
        }

        return indices;
    }

    /// <summary>The belief about whether each arm works for everyone, as of now.</summary>
    public IEnumerable<(string Arm, Availability Availability)> Health() => _hierarchy.Arms.Select(arm => (arm.Name, arm.Availability.Current));
}

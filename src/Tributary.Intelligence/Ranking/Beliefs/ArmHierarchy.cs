using Tributary.Intelligence.Ranking.Outages;

namespace Tributary.Intelligence.Ranking.Beliefs;

/// <summary>
/// Success rates by partial pooling: the population of arms lends to an arm, the arm to its segments, the segment to a shopper.
/// Counts fade; how fast, and how much a segment borrows, is weighed per cell by the prediction of its outcomes.
/// </summary>
internal sealed class ArmHierarchy
{
    private const double LeastLikelihood = 1e-4;

    private readonly BanditSettings _settings;
    private readonly FadingCounts _population;
    private readonly List<GlobalArm> _arms = [];
    private readonly Dictionary<string, int> _armIndex = new(StringComparer.Ordinal);
    private readonly LeastRecentlyUsed<SegmentCell?[]> _segments;
    private readonly LeastRecentlyUsed<FadingCounts?[]> _shoppers;

    public ArmHierarchy(BanditSettings settings)
    {
        _settings = settings;
        _population = new FadingCounts(settings.HalfLifeTicks.Length);
        _segments = new LeastRecentlyUsed<SegmentCell?[]>(settings.MaxSegments);
        _shoppers = new LeastRecentlyUsed<FadingCounts?[]>(settings.MaxShoppers);
    }

    /// <summary>Arms seen so far.</summary>
    public IReadOnlyList<GlobalArm> Arms => _arms;

    /// <summary>The arm's number; a new name gets one while there is room, else −1.</summary>
    public int IndexOf(string arm, double tick)
    {
        if (_armIndex.TryGetValue(arm, out var index))
            return index;
        if (_arms.Count >= _settings.MaxArms)
            return -1;
        _arms.Add(new GlobalArm(arm, _settings, tick));
        return _armIndex[arm] = _arms.Count - 1;
    }

    /// <summary>What is believed of an arm, the rate's deviation scaled by <paramref name="scale"/>.</summary>
    public ArmBelief Believe(int arm, string segment, string? shopper, double tick, double scale)
    {
        var cell = Cell(segment, arm, tick);
        Fade(arm, cell, tick);
        var (mean, variance) = SegmentRate(arm, cell);
        if (shopper is not null && _shoppers.TryPeek(shopper, out var history) && history[arm] is { } own)
            (mean, variance) = ShopperRate(mean, variance, own, tick);
        return new ArmBelief(BetaDistribution.FromMoments(mean, variance * scale * scale), _arms[arm].Availability.Current.And(cell.Availability.Current));
    }

    /// <summary>Learns from one outcome.</summary>
    public void Learn(int arm, string segment, string? shopper, bool succeeded, double tick)
    {
        var cell = Cell(segment, arm, tick);
        Fade(arm, cell, tick);
        Span<double> predictions = stackalloc double[cell.Weights.Length];
        var rate = Predict(arm, cell, predictions);
        var working = LearnAvailability(_arms[arm].Availability, cell.Availability, rate, succeeded);
        Reweigh(cell.Weights, predictions, succeeded, working);

        // A failure that an outage explains says nothing about the rate while up.
        _population.Add(succeeded, working);
        _arms[arm].Counts.Add(succeeded, working);
        cell.Counts.Add(succeeded, working);
        if (shopper is not null)
            LearnShopper(arm, shopper, succeeded, working, tick);
    }

    /// <summary>Learns about a shopper alone, where the outcome says nothing about others.</summary>
    public void LearnShopper(int arm, string shopper, bool succeeded, double weight, double tick)
    {
        var history = _shoppers.GetOrAdd(shopper, _settings, static settings => new FadingCounts?[settings.MaxArms]);
        var own = history[arm];
        if (own is null)
        {
            own = history[arm] = new FadingCounts(halfLives: 1);
            own.StartAt(tick);
        }

        own.FadeTo(tick, [_settings.HalfLifeTicks[^1]]);
        own.Add(succeeded, weight);
    }

    private SegmentCell Cell(string segment, int arm, double tick)
    {
        var cells = _segments.GetOrAdd(segment, _settings, static settings => new SegmentCell?[settings.MaxArms]);
        return cells[arm] ??= new SegmentCell(_settings, tick);
    }

    private void Fade(int arm, SegmentCell cell, double tick)
    {
        var halfLives = _settings.HalfLifeTicks.AsSpan();
        var lengths = _settings.OutageLengthTicks.AsSpan();
        var hazard = _settings.OutageHazardPerTick;
        _population.FadeTo(tick, halfLives);
        _arms[arm].Counts.FadeTo(tick, halfLives);
        cell.Counts.FadeTo(tick, halfLives);
        _arms[arm].Availability.AdvanceTo(tick, hazard.Arm, _settings.OutageEffect.DegradedShare, lengths);
        cell.Availability.AdvanceTo(tick, hazard.Segment, _settings.OutageEffect.DegradedShare, lengths);
    }

    private (double Mean, double Variance) SegmentRate(int arm, SegmentCell cell)
    {
        double mean = 0, square = 0;
        var strengths = _settings.PoolingStrengths.Length;
        for (var i = 0; i < cell.Weights.Length; i++)
        {
            var one = SegmentRate(arm, cell, i / strengths, _settings.PoolingStrengths[i % strengths]);
            mean += cell.Weights[i] * one.Mean;
            square += cell.Weights[i] * (one.Variance + (one.Mean * one.Mean));
        }

        return (mean, square - (mean * mean));
    }

    private double Predict(int arm, SegmentCell cell, Span<double> predictions)
    {
        double mean = 0;
        var strengths = _settings.PoolingStrengths.Length;
        for (var i = 0; i < predictions.Length; i++)
        {
            predictions[i] = SegmentRate(arm, cell, i / strengths, _settings.PoolingStrengths[i % strengths]).Mean;
            mean += cell.Weights[i] * predictions[i];
        }

        return mean;
    }

    // The arm's own posterior widened by how much segments differ (strength) is the segment's prior, as a Beta of the same two moments.
    private BetaDistribution SegmentRate(int arm, SegmentCell cell, int halfLife, double strength)
    {
        var (mean, worth) = _settings.Prior;
        var populationSuccesses = (mean * worth) + _population.Successes[halfLife];
        var populationMean = populationSuccesses / (worth + _population.Successes[halfLife] + _population.Failures[halfLife]);
        var counts = _arms[arm].Counts;
        var global = new BetaDistribution(
            (_settings.ArmPriorStrength * populationMean) + counts.Successes[halfLife],
            (_settings.ArmPriorStrength * (1 - populationMean)) + counts.Failures[halfLife]);
        var rate = global.Mean;
        var spread = rate * (1 - rate);
        var priorStrength = (spread / (global.Variance + (spread / (strength + 1)))) - 1;
        return new BetaDistribution(
            (priorStrength * rate) + cell.Counts.Successes[halfLife],
            (priorStrength * (1 - rate)) + cell.Counts.Failures[halfLife]);
    }

    // Without a history of the shopper's own, how shoppers differ is no reason to explore; with one, what remains unknown is.
    private (double Mean, double Variance) ShopperRate(double mean, double variance, FadingCounts own, double tick)
    {
        own.FadeTo(tick, [_settings.HalfLifeTicks[^1]]);
        var (prior, seen) = (_settings.ShopperPriorStrength, own.Successes[0] + own.Failures[0]);
        var share = prior / (prior + seen);
        var pooled = (share * mean) + ((1 - share) * (seen > 0 ? own.Successes[0] / seen : mean));
        return (pooled, (share * share * variance) + ((1 - share) * pooled * (1 - pooled) / (prior + seen + 1)));
    }

    // Two hidden causes, the arm and the arm in this segment; each is updated with the other summed out (assumed-density filtering).
    private double LearnAvailability(AvailabilityFilter global, AvailabilityFilter local, double rate, bool succeeded)
    {
        var (down, degraded, _) = _settings.OutageEffect;
        var (g, l) = (global.Current, local.Current);
        double Likelihood(double factor)
        {
            var success = Math.Clamp(rate * factor, LeastLikelihood, 1 - LeastLikelihood);
            return succeeded ? success : 1 - success;
        }

        var (up, half, none) = (Likelihood(1), Likelihood(degraded), Likelihood(down));
        double Given(Availability other, double whenUp, double whenDegraded) =>
            (other.Up * whenUp) + (other.Degraded * whenDegraded) + (other.Down * none);

        var evidence = (g.Up * Given(l, up, half)) + (g.Degraded * Given(l, half, half)) + (g.Down * none);
        global.Observe(Given(l, up, half), Given(l, half, half), none);
        local.Observe(Given(g, up, half), Given(g, half, half), none);
        return g.Up * l.Up * up / evidence;
    }

    private void Reweigh(double[] weights, ReadOnlySpan<double> predictions, bool succeeded, double working)
    {
        double sum = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] *= Math.Pow(succeeded ? predictions[i] : 1 - predictions[i], working);
            sum += weights[i];
        }

        var (share, even) = (_settings.FixedShare, 1.0 / weights.Length);
        for (var i = 0; i < weights.Length; i++)
            weights[i] = ((1 - share) * weights[i] / sum) + (share * even);
    }
}

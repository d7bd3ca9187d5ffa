using Tributary.Intelligence.Ranking.Outages;

namespace Tributary.Intelligence.Ranking.Beliefs;

/// <summary>
/// Success rates by partial pooling: the population of arms lends to an arm, the arm to its segments, the segment to a shopper.
/// Counts fade; how fast, and how much a segment borrows, is weighed per cell by the prediction of its outcomes.
/// </summary>
internal sealed class ArmHierarchy
{
    private const double LeastLikelihood = 1e-4;

    // Where segments differ by level it shows while their cells are young; later, and where they do not differ, both readings predict alike. So what
    // was found is not forgotten, and begins in favour of the simpler one.
    private const double LevelPrior = 0.05;
    private const double LeastLevel = 0.02;

    private readonly BanditSettings _settings;
    private readonly FadingCounts _population;
    private readonly FadingCounts _shiftedPopulation;
    private readonly List<GlobalArm> _arms = [];
    private readonly Dictionary<string, int> _armIndex = new(StringComparer.Ordinal);
    private readonly LeastRecentlyUsed<SegmentState> _segments;
    private readonly LeastRecentlyUsed<FadingCounts?[]> _shoppers;

    // How far the reading by segments of their own level is believed over the one without: it has predicted that much better, everywhere.
    private double _shiftWeight = LevelPrior;

    public ArmHierarchy(BanditSettings settings)
    {
        _settings = settings;
        _population = new FadingCounts(settings.HalfLifeTicks.Length);
        _shiftedPopulation = new FadingCounts(settings.HalfLifeTicks.Length);
        _segments = new LeastRecentlyUsed<SegmentState>(settings.MaxSegments);
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
        var state = State(segment);
        var cell = state.Cell(arm, _settings, tick);
        Fade(arm, cell, tick);
        FindOffsets(state, tick);
        var (mean, variance) = SegmentRate(arm, cell, state);
        if (shopper is not null && _shoppers.TryPeek(shopper, out var history) && history[arm] is { } own)
            (mean, variance) = ShopperRate(mean, variance, own, tick);
        return new ArmBelief(BetaDistribution.FromMoments(mean, variance * scale * scale), _arms[arm].Availability.Current.And(cell.Availability.Current));
    }

    /// <summary>Learns from one outcome.</summary>
    public void Learn(int arm, string segment, string? shopper, bool succeeded, double tick)
    {
        var state = State(segment);
        var cell = state.Cell(arm, _settings, tick);
        Fade(arm, cell, tick);
        FindOffsets(state, tick);
        Span<double> plain = stackalloc double[cell.Weights.Length];
        Span<double> shifted = stackalloc double[cell.Weights.Length];
        var plainRate = Predict(arm, cell, [], cell.Weights, plain);
        var shiftedRate = Predict(arm, cell, state.Offsets, cell.ShiftedWeights, shifted);
        var rate = plainRate + (_shiftWeight * (shiftedRate - plainRate));
        var working = LearnAvailability(_arms[arm].Availability, cell.Availability, rate, succeeded);
        Reweigh(cell.Weights, plain, succeeded, working);
        Reweigh(cell.ShiftedWeights, shifted, succeeded, working);
        Believe(plainRate, shiftedRate, succeeded, working);

        // A failure that an outage explains says nothing about the rate while up.
        _population.Add(succeeded, working);
        _arms[arm].Counts.Add(succeeded, working);
        AddShifted(arm, state, succeeded, working);
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

    private SegmentState State(string segment) => _segments.GetOrAdd(segment, _settings, static settings => new SegmentState(settings));

    private void Fade(int arm, SegmentCell cell, double tick)
    {
        var halfLives = _settings.HalfLifeTicks.AsSpan();
        var lengths = _settings.OutageLengthTicks.AsSpan();
        var hazard = _settings.OutageHazardPerTick;
        _population.FadeTo(tick, halfLives);
        _shiftedPopulation.FadeTo(tick, halfLives);
        _arms[arm].Counts.FadeTo(tick, halfLives);
        _arms[arm].ShiftedCounts.FadeTo(tick, halfLives);
        cell.Counts.FadeTo(tick, halfLives);
        _arms[arm].Availability.AdvanceTo(tick, hazard.Arm, _settings.OutageEffect.DegradedShare, lengths);
        cell.Availability.AdvanceTo(tick, hazard.Segment, _settings.OutageEffect.DegradedShare, lengths);
    }

    private (double Mean, double Variance) SegmentRate(int arm, SegmentCell cell, SegmentState state)
    {
        double mean = 0, square = 0;
        var strengths = _settings.PoolingStrengths.Length;
        for (var i = 0; i < cell.Weights.Length; i++)
        {
            Add(SegmentRate(arm, cell, i / strengths, _settings.PoolingStrengths[i % strengths], double.NaN), cell.Weights[i] * (1 - _shiftWeight));
            Add(SegmentRate(arm, cell, i / strengths, _settings.PoolingStrengths[i % strengths], state.Offsets[i]), cell.ShiftedWeights[i] * _shiftWeight);
        }

        return (mean, square - (mean * mean));

        void Add(BetaDistribution one, double weight)
        {
            mean += weight * one.Mean;
            square += weight * (one.Variance + (one.Mean * one.Mean));
        }
    }

    private double Predict(int arm, SegmentCell cell, ReadOnlySpan<double> offsets, ReadOnlySpan<double> weights, Span<double> predictions)
    {
        double mean = 0;
        var strengths = _settings.PoolingStrengths.Length;
        for (var i = 0; i < predictions.Length; i++)
        {
            predictions[i] = SegmentRate(arm, cell, i / strengths, _settings.PoolingStrengths[i % strengths], offsets.IsEmpty ? double.NaN : offsets[i]).Mean;
            mean += weights[i] * predictions[i];
        }

        return mean;
    }

    // The arm's own posterior, moved to the segment's level where that is asked for, and widened by how much segments differ (strength), is the
    // segment's prior, as a Beta of the same two moments.
    private BetaDistribution SegmentRate(int arm, SegmentCell cell, int halfLife, double strength, double offset)
    {
        var isShifted = !double.IsNaN(offset);
        var global = GlobalRate(arm, halfLife, isShifted);
        var rate = global.Mean;
        var variance = global.Variance;
        if (isShifted)
        {
            var moved = Logit.Move(rate, offset);
            var slope = moved * (1 - moved) / (rate * (1 - rate));
            (rate, variance) = (moved, variance * slope * slope);
        }

        var spread = rate * (1 - rate);
        var priorStrength = (spread / (variance + (spread / (strength + 1)))) - 1;
        return new BetaDistribution(
            (priorStrength * rate) + cell.Counts.Successes[halfLife],
            (priorStrength * (1 - rate)) + cell.Counts.Failures[halfLife]);
    }

    private BetaDistribution GlobalRate(int arm, int halfLife, bool isShifted)
    {
        var (mean, worth) = _settings.Prior;
        var population = isShifted ? _shiftedPopulation : _population;
        var counts = isShifted ? _arms[arm].ShiftedCounts : _arms[arm].Counts;

        // Outcomes that were moved to another level can sum to a little less than none.
        var (seen, failed) = (Math.Max(0, population.Successes[halfLife]), Math.Max(0, population.Failures[halfLife]));
        var populationMean = ((mean * worth) + seen) / (worth + seen + failed);
        return new BetaDistribution(
            (_settings.ArmPriorStrength * populationMean) + Math.Max(0, counts.Successes[halfLife]),
            (_settings.ArmPriorStrength * (1 - populationMean)) + Math.Max(0, counts.Failures[halfLife]));
    }

    /// <summary>
    /// How far a segment lies from what its arms reach elsewhere, in log-odds, per half-life and strength: a random effect whose cells differ by what
    /// the strength says. Two steps of Newton's method from where it was.
    /// </summary>
    private void FindOffsets(SegmentState state, double tick)
    {
        if (state.OffsetTick == tick)
            return;
        state.OffsetTick = tick;
        foreach (var (arm, cell) in state.Cells)
        {
            cell.Counts.FadeTo(tick, _settings.HalfLifeTicks.AsSpan());
            _arms[arm].ShiftedCounts.FadeTo(tick, _settings.HalfLifeTicks.AsSpan());
        }

        var strengths = _settings.PoolingStrengths.Length;
        Span<double> levels = stackalloc double[state.Cells.Count];
        for (var halfLife = 0; halfLife < _settings.HalfLifeTicks.Length; halfLife++)
        {
            for (var j = 0; j < levels.Length; j++)
                levels[j] = Logit.Of(GlobalRate(state.Cells[j].Arm, halfLife, isShifted: true).Mean);
            for (var k = 0; k < strengths; k++)
            {
                ref var offset = ref state.Offsets[(halfLife * strengths) + k];
                for (var step = 0; step < 2; step++)
                    offset = NextOffset(state, levels, halfLife, _settings.PoolingStrengths[k], offset);
            }
        }
    }

    private double NextOffset(SegmentState state, ReadOnlySpan<double> levels, int halfLife, double strength, double offset)
    {
        const double LongestStep = 2;
        double sum = 0, weights = 1 / (_settings.SegmentDeviation * _settings.SegmentDeviation);
        for (var j = 0; j < levels.Length; j++)
        {
            var counts = state.Cells[j].Cell.Counts;
            var seen = counts.Successes[halfLife] + counts.Failures[halfLife];
            var rate = Logit.Rate(levels[j] + offset);
            var spread = rate * (1 - rate);
            if (seen * spread < 1e-3)
                continue;
            var step = Math.Clamp((counts.Successes[halfLife] - (seen * rate)) / (seen * spread), -LongestStep, LongestStep);
            var weight = 1 / ((1 / (spread * (strength + 1))) + (1 / (seen * spread)));
            sum += weight * (offset + step);
            weights += weight;
        }

        return sum / weights;
    }

    // An outcome of a segment says of the arm what it would have said at the level of all: the surprise in it, on top of the arm's own rate.
    private void AddShifted(int arm, SegmentState state, bool succeeded, double weight)
    {
        var strengths = _settings.PoolingStrengths.Length;
        for (var halfLife = 0; halfLife < _settings.HalfLifeTicks.Length; halfLife++)
        {
            double offset = 0;
            for (var k = 0; k < strengths; k++)
                offset += state.Offsets[(halfLife * strengths) + k] / strengths;
            var rate = GlobalRate(arm, halfLife, isShifted: true).Mean;
            var moved = (succeeded ? 1 : 0) + rate - Logit.Move(rate, offset);
            _arms[arm].ShiftedCounts.Add(halfLife, moved, weight);
            _shiftedPopulation.Add(halfLife, moved, weight);
        }
    }

    private void Believe(double plainRate, double shiftedRate, bool succeeded, double working)
    {
        var plain = (1 - _shiftWeight) * Math.Pow(succeeded ? plainRate : 1 - plainRate, working);
        var shifted = _shiftWeight * Math.Pow(succeeded ? shiftedRate : 1 - shiftedRate, working);
        _shiftWeight = Math.Clamp(shifted / (plain + shifted), LeastLevel, 1 - LeastLevel);
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

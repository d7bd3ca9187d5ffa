using Tributary.Intelligence.Ranking.Outages;

namespace Tributary.Intelligence.Ranking.Beliefs;

/// <summary>
/// The probability that each arm is the best when every arm's utility is drawn from its belief: the propensity of Thompson sampling.
/// <c>P(i) = ∫ fᵢ(u) Πⱼ≠ᵢ Fⱼ(u) du</c>, by the trapezoid rule on a grid per arm and state. One owner at a time; reuses its tables.
/// </summary>
internal sealed class BestArmProbability
{
    // A state that is unlikely is integrated on a coarser grid: its error counts only by its weight.
    private const double UnlikelyState = 0.02;
    private const double NegligibleMass = 1e-9;
    private const int FineStride = 1;
    private const int CoarseStride = 4;

    private readonly List<BetaTable> _tables = [];

    /// <summary>Fills <paramref name="probabilities"/>, which then sum to one.</summary>
    /// <param name="beliefs">The arms.</param>
    /// <param name="utilities">What each arm is worth at a rate.</param>
    /// <param name="effect">The factors on the rate when degraded and when down.</param>
    /// <param name="probabilities">The result, one per arm.</param>
    /// <returns>A bound on the error of any of them, from halving the grid and from how far their sum was from one.</returns>
    public double Compute(ReadOnlySpan<ArmBelief> beliefs, ReadOnlySpan<ArmUtility> utilities, (double Down, double Degraded) effect, Span<double> probabilities)
    {
        if (beliefs.Length == 1)
        {
            probabilities[0] = 1;
            return 0;
        }

        while (_tables.Count < beliefs.Length)
            _tables.Add(new BetaTable());
        for (var i = 0; i < beliefs.Length; i++)
            _tables[i].Fill(beliefs[i].Rate);

        double sum = 0, error = 0;
        for (var i = 0; i < beliefs.Length; i++)
        {
            probabilities[i] = Integrate(i, beliefs, utilities, effect, out var arm);
            sum += probabilities[i];
            error = Math.Max(error, arm);
        }

        foreach (ref var probability in probabilities)
            probability /= sum;
        return error + Math.Abs(sum - 1);
    }

    private double Integrate(int arm, ReadOnlySpan<ArmBelief> beliefs, ReadOnlySpan<ArmUtility> utilities, (double Down, double Degraded) effect, out double error)
    {
        var availability = beliefs[arm].Availability;
        ReadOnlySpan<(double Weight, double Factor)> states =
            [(availability.Up, 1), (availability.Degraded, effect.Degraded), (availability.Down, effect.Down)];
        double sum = 0;
        error = 0;
        foreach (var (weight, factor) in states)
        {
            if (weight <= 0)
                continue;
            var stride = weight < UnlikelyState ? CoarseStride : FineStride;
            sum += weight * IntegrateState(arm, factor, stride, beliefs, utilities, effect, out var stateError);
            error += weight * stateError;
        }

        return sum;
    }

    private double IntegrateState(int arm, double factor, int stride, ReadOnlySpan<ArmBelief> beliefs, ReadOnlySpan<ArmUtility> utilities, (double Down, double Degraded) effect, out double error)
    {
        var table = _tables[arm];
        double every = 0, second = 0, mass = 0, massSecond = 0;
        for (var point = 0; point < BetaTable.Points; point += stride)
        {
            var weight = table.Mass(point);
            if (weight < NegligibleMass)
                continue;
            var utility = utilities[arm].At(table.Rate(point) * factor);
            var best = weight;
            for (var other = 0; other < beliefs.Length && best > 0; other++)
            {
                if (other != arm)
                    best *= Below(utility, other, beliefs[other].Availability, utilities[other], effect);
            }

            every += best;
            mass += weight;
            if (point % (2 * stride) == 0)
            {
                second += best;
                massSecond += weight;
            }
        }

        // Dividing by the mass that the same points find cancels what the grid misses of both. Halving the step divides the error of the
        // trapezoid rule by four: a third of the difference is Richardson's correction, and the whole of it bounds what remains.
        var fine = every / mass;
        var difference = fine - (second / massSecond);
        error = Math.Abs(difference);
        return Math.Clamp(fine + (difference / 3), 0, 1);
    }

    private double Below(double utility, int arm, Availability availability, ArmUtility worth, (double Down, double Degraded) effect)
    {
        var rate = worth.RateFor(utility);
        var table = _tables[arm];
        return (availability.Up * table.Below(rate))
            + (availability.Degraded * table.Below(rate / effect.Degraded))
            + (availability.Down * table.Below(rate / effect.Down));
    }
}

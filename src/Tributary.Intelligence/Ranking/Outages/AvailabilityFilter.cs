namespace Tributary.Intelligence.Ranking.Outages;

/// <summary>
/// A hidden Markov filter over "up", "degraded" and "down" from single outcomes. An outage ends after a time that is exponential with
/// one of several means; each probe that fails moves belief to the longer ones, so an outage is probed at intervals that grow with its
/// age, whatever the time scale. A handful of failures at a rate that was high is enough to take an arm out.
/// </summary>
internal sealed class AvailabilityFilter
{
    private readonly double[] _down;
    private readonly double[] _degraded;
    private double _up = 1;
    private double _tick;

    public AvailabilityFilter(int lengths, double tick)
    {
        _down = new double[lengths];
        _degraded = new double[lengths];
        _tick = tick;
    }

    /// <summary>The belief at the last tick.</summary>
    public Availability Current
    {
        get
        {
            double down = 0, degraded = 0;
            for (var i = 0; i < _down.Length; i++)
            {
                down += _down[i];
                degraded += _degraded[i];
            }

            return new Availability(_up, degraded, down);
        }
    }

    /// <summary>Lets time pass: outages start at the hazard and end by their lengths.</summary>
    public void AdvanceTo(double tick, double hazardPerTick, double degradedShare, ReadOnlySpan<double> lengthTicks)
    {
        var elapsed = tick - _tick;
        if (elapsed <= 0)
            return;
        _tick = tick;
        var starting = _up * (1 - Math.Exp(-elapsed * hazardPerTick));
        _up -= starting;
        for (var i = 0; i < lengthTicks.Length; i++)
        {
            var ending = 1 - Math.Exp(-elapsed / lengthTicks[i]);
            _up += (_down[i] + _degraded[i]) * ending;
            _down[i] = (_down[i] * (1 - ending)) + (starting * (1 - degradedShare) / lengthTicks.Length);
            _degraded[i] = (_degraded[i] * (1 - ending)) + (starting * degradedShare / lengthTicks.Length);
        }
    }

    /// <summary>Bayes' rule with the likelihood of an outcome in each state.</summary>
    public void Observe(double likelihoodUp, double likelihoodDegraded, double likelihoodDown)
    {
        _up *= likelihoodUp;
        var sum = _up;
        for (var i = 0; i < _down.Length; i++)
        {
            _down[i] *= likelihoodDown;
            _degraded[i] *= likelihoodDegraded;
            sum += _down[i] + _degraded[i];
        }

        _up /= sum;
        for (var i = 0; i < _down.Length; i++)
        {
            _down[i] /= sum;
            _degraded[i] /= sum;
        }
    }
}

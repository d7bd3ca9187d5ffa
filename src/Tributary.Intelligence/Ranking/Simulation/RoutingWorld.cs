using Tributary.Intelligence.Ranking.Sampling;
using Tributary.Primitives.Randomness;

namespace Tributary.Intelligence.Ranking.Simulation;

/// <summary>
/// Processors whose success probabilities drift, step and fail, as docs/intelligence/routing-simulator.md defines them.
/// The path depends on the seed alone, never on what a strategy chooses.
/// </summary>
public sealed class RoutingWorld : IRoutingWorld
{
    private readonly RoutingWorldSettings _settings;
    private readonly Variates _variates;
    private readonly double[] _quality;
    private readonly double[] _commonDrift;
    private readonly double[] _segmentDifference;
    private readonly double[] _segmentDrift;
    private readonly TimeSpan[] _nextStep;
    private readonly Outage[] _outages;
    private readonly double[] _probabilities;
    private TimeSpan _now;
    private int _payment;

    public RoutingWorld(RoutingWorldSettings settings, ulong seed)
    {
        _settings = settings;
        _variates = new Variates(new Xoshiro256(seed));
        var (processors, segments) = (settings.ProcessorCount, settings.SegmentShares.Length);
        _quality = new double[processors];
        _commonDrift = new double[processors];
        _segmentDifference = new double[processors * segments];
        _segmentDrift = new double[processors * segments];
        _nextStep = new TimeSpan[processors];
        _outages = new Outage[processors];
        _probabilities = new double[processors];
        for (var j = 0; j < processors; j++)
        {
            _quality[j] = settings.Quality.Mean + (settings.Quality.Deviation * _variates.NextNormal());
            _commonDrift[j] = settings.CommonDrift.Deviation * _variates.NextNormal();
            for (var s = 0; s < segments; s++)
            {
                _segmentDifference[(j * segments) + s] = settings.SegmentDeviation * _variates.NextNormal();
                _segmentDrift[(j * segments) + s] = settings.SegmentDrift.Deviation * _variates.NextNormal();
            }

            _nextStep[j] = settings.Steps.Mean * _variates.NextExponential();
            _outages[j] = DrawOutage(TimeSpan.Zero);
        }
    }

    /// <inheritdoc/>
    public int ProcessorCount => _settings.ProcessorCount;

    /// <inheritdoc/>
    public int SegmentCount => _settings.SegmentShares.Length;

    /// <inheritdoc/>
    public ReadOnlySpan<double> Probabilities => _probabilities;

    /// <inheritdoc/>
    public bool TryNext(out RoutingArrival arrival)
    {
        if (_payment == _settings.PaymentCount)
        {
            arrival = default;
            return false;
        }

        _payment++;
        var elapsed = _settings.MeanInterarrival * _variates.NextExponential();
        _now += elapsed;
        Drift(elapsed);
        Step();
        EndAndStartOutages();
        var segment = DrawSegment();
        var segments = _settings.SegmentShares.Length;
        for (var j = 0; j < _probabilities.Length; j++)
        {
            var logit = _quality[j] + _commonDrift[j] + _segmentDifference[(j * segments) + segment] + _segmentDrift[(j * segments) + segment];
            _probabilities[j] = _outages[j].FactorFor(segment, _now) / (1 + Math.Exp(-logit));
        }

        arrival = new RoutingArrival(_now, segment, _variates.NextUniform(), LogNormal(_settings.OutcomeDelay));
        return true;
    }

    // Ornstein–Uhlenbeck, exact over the time elapsed.
    private void Drift(TimeSpan elapsed)
    {
        Relax(_commonDrift, _settings.CommonDrift, elapsed);
        Relax(_segmentDrift, _settings.SegmentDrift, elapsed);
    }

    private void Relax(double[] values, (double Deviation, TimeSpan Relaxation) drift, TimeSpan elapsed)
    {
        var keep = Math.Exp(-(elapsed / drift.Relaxation));
        var noise = drift.Deviation * Math.Sqrt(1 - (keep * keep));
        for (var i = 0; i < values.Length; i++)
            values[i] = (values[i] * keep) + (noise * _variates.NextNormal());
    }

    private void Step()
    {
        var segments = _settings.SegmentShares.Length;
        for (var j = 0; j < _nextStep.Length; j++)
        {
            while (_now >= _nextStep[j])
            {
                for (var s = 0; s < segments; s++)
                {
                    if (_variates.NextUniform() < _settings.Steps.SegmentChance)
                        _segmentDifference[(j * segments) + s] = _settings.SegmentDeviation * _variates.NextNormal();
                }

                _nextStep[j] += _settings.Steps.Mean * _variates.NextExponential();
            }
        }
    }

    private void EndAndStartOutages()
    {
        for (var j = 0; j < _outages.Length; j++)
        {
            while (_now >= _outages[j].End)
                _outages[j] = DrawOutage(_outages[j].End);
        }
    }

    private Outage DrawOutage(TimeSpan after)
    {
        var start = after + (_settings.MeanUptime * _variates.NextExponential());
        var length = LogNormal(_settings.OutageLength);
        length = length < _settings.OutageLeast ? _settings.OutageLeast : length > _settings.OutageMost ? _settings.OutageMost : length;
        var kind = _variates.NextUniform();
        var depth = _variates.NextUniform();
        var segment = DrawSegment();
        var (full, degraded) = _settings.OutageKinds;
        return kind < full ? new Outage(start, start + length, OnlySegment: -1, Factor: 0.03)
            : kind < full + degraded ? new Outage(start, start + length, OnlySegment: -1, Factor: 0.3 + (0.4 * depth))
            : new Outage(start, start + length, segment, Factor: 0.05);
    }

    private int DrawSegment()
    {
        var draw = _variates.NextUniform();
        var shares = _settings.SegmentShares;
        var segment = 0;
        while (segment < shares.Length - 1 && draw >= shares[segment])
            draw -= shares[segment++];
        return segment;
    }

    private TimeSpan LogNormal((TimeSpan Median, double LogDeviation) law) => law.Median * Math.Exp(law.LogDeviation * _variates.NextNormal());

    private readonly record struct Outage(TimeSpan Start, TimeSpan End, int OnlySegment, double Factor)
    {
        public double FactorFor(int segment, TimeSpan now) =>
            now >= Start && now < End && (OnlySegment < 0 || OnlySegment == segment) ? Factor : 1;
    }
}

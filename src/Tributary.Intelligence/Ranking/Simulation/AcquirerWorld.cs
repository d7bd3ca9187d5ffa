using Tributary.Intelligence.Ranking.Sampling;
using Tributary.Primitives.Randomness;

namespace Tributary.Intelligence.Ranking.Simulation;

/// <summary>
/// A second world, of other shapes than <see cref="RoutingWorld"/>: traffic follows the day; levels jump instead of drifting and swing
/// with the hour; an acquirer's trouble hits all its processors, as a blackout, as a slow decline and recovery, or as flapping between up and down;
/// some outcomes come minutes late.
/// </summary>
public sealed class AcquirerWorld : IRoutingWorld
{
    private const double ParetoTail = 1.2;
    private const double BlackoutFactor = 0.02;
    private const double DeepestDecline = 0.15;

    private static readonly TimeSpan FlapPeriod = TimeSpan.FromMinutes(6);

    private readonly AcquirerWorldSettings _settings;
    private readonly Variates _variates;
    private readonly double[] _shares;
    private readonly double[] _level;
    private readonly TimeSpan[] _redraw;
    private readonly double[] _phase;
    private readonly Trouble[] _troubles;
    private readonly double[] _probabilities;
    private TimeSpan _now;
    private int _payment;

    public AcquirerWorld(AcquirerWorldSettings settings, ulong seed)
    {
        _settings = settings;
        _variates = new Variates(new Xoshiro256(seed));
        var ranks = Enumerable.Range(1, settings.SegmentCount).Select(static rank => 1.0 / rank).ToArray();
        _shares = Array.ConvertAll(ranks, share => share / ranks.Sum());
        _level = new double[settings.ProcessorCount * settings.SegmentCount];
        _redraw = new TimeSpan[_level.Length];
        for (var cell = 0; cell < _level.Length; cell++)
            Redraw(cell);
        _phase = [.. Enumerable.Range(0, settings.ProcessorCount).Select(_ => _variates.NextUniform())];
        _troubles = [.. Enumerable.Range(0, settings.AcquirerCount).Select(_ => Draw(TimeSpan.Zero))];
        _probabilities = new double[settings.ProcessorCount];
    }

    /// <summary>How an acquirer fails.</summary>
    private enum TroubleKind
    {
        /// <summary>Next to nothing passes.</summary>
        Blackout,

        /// <summary>Down to a low in the middle, and back.</summary>
        Decline,

        /// <summary>Up and down every few minutes.</summary>
        Flapping,
    }

    /// <inheritdoc/>
    public int ProcessorCount => _settings.ProcessorCount;

    /// <inheritdoc/>
    public int SegmentCount => _settings.SegmentCount;

    /// <inheritdoc/>
    public ReadOnlySpan<double> Probabilities => _probabilities;

    /// <inheritdoc/>
    public bool TryNext(out RoutingArrival arrival)
    {
        arrival = default;
        if (_payment == _settings.PaymentCount)
            return false;
        _payment++;

        // Thinning (Lewis and Shedler, 1979) of a stream at the rate of the peak.
        const double Peak = 1.8;
        do
        {
            _now += TimeSpan.FromHours(_variates.NextExponential() / (Peak * _settings.PaymentsPerHour));
        }
        while (_variates.NextUniform() * Peak > 1 + (0.8 * Wave(phase: 0)));

        Move();
        var segment = DrawSegment();
        for (var j = 0; j < _probabilities.Length; j++)
        {
            var logit = _level[(j * SegmentCount) + segment] + (_settings.DailySwing * Wave(_phase[j]));
            _probabilities[j] = FactorOf(_troubles[j % _troubles.Length]) / (1 + Math.Exp(-logit));
        }

        var draw = _variates.NextUniform();
        var delay = (_variates.NextUniform() < _settings.LateShare ? TimeSpan.FromMinutes(10) : TimeSpan.FromSeconds(5)) * _variates.NextExponential();
        arrival = new RoutingArrival(_now, segment, draw, delay);
        return true;
    }

    private double Wave(double phase) => Math.Sin(2 * Math.PI * ((_now / TimeSpan.FromDays(1)) + phase));

    private void Move()
    {
        for (var cell = 0; cell < _level.Length; cell++)
        {
            while (_now >= _redraw[cell])
                Redraw(cell);
        }

        for (var acquirer = 0; acquirer < _troubles.Length; acquirer++)
        {
            while (_now >= _troubles[acquirer].End)
                _troubles[acquirer] = Draw(_troubles[acquirer].End);
        }
    }

    private void Redraw(int cell)
    {
        _level[cell] = _settings.Level.Low + ((_settings.Level.High - _settings.Level.Low) * _variates.NextUniform());
        _redraw[cell] += _settings.LevelLife * _variates.NextExponential();
    }

    private Trouble Draw(TimeSpan after)
    {
        var start = after + (_settings.MeanUptime * _variates.NextExponential());
        var length = _settings.TroubleLength.Least * Math.Pow(1 - _variates.NextUniform(), -1 / ParetoTail);
        length = length > _settings.TroubleLength.Most ? _settings.TroubleLength.Most : length;
        return new Trouble(start, start + length, (TroubleKind)_variates.NextIndex(3));
    }

    private double FactorOf(Trouble trouble)
    {
        if (_now < trouble.Start || _now >= trouble.End)
            return 1;
        var progress = (_now - trouble.Start) / (trouble.End - trouble.Start);
        return trouble.Kind switch
        {
            TroubleKind.Blackout => BlackoutFactor,
            TroubleKind.Decline => 1 - ((1 - DeepestDecline) * (1 - Math.Abs((2 * progress) - 1))),
            _ => (long)((_now - trouble.Start) / FlapPeriod) % 2 == 0 ? BlackoutFactor : 1,
        };
    }

    private int DrawSegment()
    {
        var draw = _variates.NextUniform();
        var segment = 0;
        while (segment < _shares.Length - 1 && draw >= _shares[segment])
            draw -= _shares[segment++];
        return segment;
    }

    private readonly record struct Trouble(TimeSpan Start, TimeSpan End, TroubleKind Kind);
}

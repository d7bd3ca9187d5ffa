namespace Tributary.Intelligence.Ranking.Beliefs;

/// <summary>
/// A Beta's density and distribution function on an even grid over its support: the integrals of propensities ask for both
/// thousands of times, far too often for the incomplete beta function.
/// </summary>
internal sealed class BetaTable
{
    /// <summary>Grid points: a power of two and one more, so that coarser grids are contained in it.</summary>
    public const int Points = 129;

    // The tail beyond this many deviations holds less than 2e-5 even where the Beta is nearly exponential.
    private const double Deviations = 10;

    private readonly double[] _density = new double[Points];
    private readonly double[] _cumulative = new double[Points];
    private double _low;
    private double _step;

    /// <summary>Fills the table for a distribution whose shapes are one or more.</summary>
    public void Fill(BetaDistribution distribution)
    {
        var (mean, reach) = (distribution.Mean, Deviations * Math.Sqrt(distribution.Variance));
        _low = Math.Max(0, mean - reach);
        _step = (Math.Min(1, mean + reach) - _low) / (Points - 1);
        var mode = distribution.A + distribution.B > 2 ? (distribution.A - 1) / (distribution.A + distribution.B - 2) : 0.5;
        var peak = distribution.LogDensity(Math.Clamp(mode, 1e-300, 1 - 1e-16));
        for (var i = 0; i < Points; i++)
        {
            var rate = _low + (i * _step);
            var log = distribution.LogDensity(rate) - peak;
            _density[i] = double.IsNaN(log) ? 0 : Math.Exp(log);
        }

        // Simpson's rule over pairs, with the cubic's half step in the middle, keeps the running integral fourth order.
        _cumulative[0] = 0;
        for (var i = 2; i < Points; i += 2)
        {
            var (left, middle, right) = (_density[i - 2], _density[i - 1], _density[i]);
            _cumulative[i - 1] = _cumulative[i - 2] + Math.Max(0, _step / 12 * ((5 * left) + (8 * middle) - right));
            _cumulative[i] = _cumulative[i - 2] + (_step / 3 * (left + (4 * middle) + right));
            _cumulative[i] = Math.Max(_cumulative[i], _cumulative[i - 1]);
        }

        var total = _cumulative[Points - 1];
        for (var i = 0; i < Points; i++)
        {
            _density[i] /= total;
            _cumulative[i] /= total;
        }
    }

    /// <summary>The rate at a grid point.</summary>
    public double Rate(int point) => _low + (point * _step);

    /// <summary>The weight of a grid point in the trapezoid rule over every one of them; the density does not vanish at an end where a shape is one.</summary>
    public double Mass(int point) => _density[point] * _step * (point is 0 or Points - 1 ? 0.5 : 1);

    /// <summary>The probability of a rate below the given one.</summary>
    public double Below(double rate)
    {
        var position = (rate - _low) / _step;
        if (!(position > 0))
            return 0;
        if (position >= Points - 1)
            return 1;
        var i = (int)position;
        var t = position - i;

        // Cubic Hermite: the slope of the distribution function is the density.
        var rise = _cumulative[i + 1] - _cumulative[i];
        var (slope0, slope1) = (_density[i] * _step, _density[i + 1] * _step);
        return _cumulative[i] + (t * (slope0 + (t * ((3 * rise) - (2 * slope0) - slope1 + (t * (slope0 + slope1 - (2 * rise)))))));
    }
}

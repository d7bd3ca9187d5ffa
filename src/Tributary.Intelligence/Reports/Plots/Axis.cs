using System.Globalization;

namespace Tributary.Intelligence.Reports.Plots;

/// <summary>One axis of a plot: from a value to a place between 0 and 1, with marks at round values.</summary>
internal sealed class Axis
{
    private const int MostMarks = 6;

    private readonly double _least;
    private readonly double _greatest;
    private readonly bool _isLogarithmic;
    private readonly Func<double, string> _write;

    private Axis(string title, double least, double greatest, bool isLogarithmic, Func<double, string> write)
    {
        Title = title;
        _least = least;
        _greatest = greatest;
        _isLogarithmic = isLogarithmic;
        _write = write;
    }

    /// <summary>What the axis shows.</summary>
    public string Title { get; }

    /// <summary>Equal distances for equal differences.</summary>
    public static Axis Linear(string title, double least, double greatest, Func<double, string>? write = null) =>
        new(title, least, greatest > least ? greatest : least + 1, isLogarithmic: false, write ?? Number);

    /// <summary>Equal distances for equal ratios; values below the least one are drawn there.</summary>
    public static Axis Logarithmic(string title, double least, double greatest, Func<double, string>? write = null) =>
        new(title, least, greatest > least ? greatest : least * 10, isLogarithmic: true, write ?? Number);

    /// <summary>The place of a value, 0 … 1.</summary>
    public double Place(double value)
    {
        var bounded = Math.Clamp(value, _least, _greatest);
        return _isLogarithmic
            ? Math.Log(bounded / _least) / Math.Log(_greatest / _least)
            : (bounded - _least) / (_greatest - _least);
    }

    /// <summary>A value as it is written beside the axis.</summary>
    public string Write(double value) => _write(value);

    /// <summary>Round values in the range.</summary>
    public IEnumerable<double> Marks()
    {
        if (_isLogarithmic)
        {
            for (var power = (int)Math.Ceiling(Math.Log10(_least) - 1e-9); power <= Math.Log10(_greatest) + 1e-9; power++)
                yield return Math.Pow(10, power);
            yield break;
        }

        var step = Step((_greatest - _least) / MostMarks);
        for (var i = (long)Math.Ceiling((_least / step) - 1e-9); i * step <= _greatest + (step * 1e-9); i++)
            yield return i * step;
    }

    /// <summary>A share as a percentage.</summary>
    public static string Percent(double share)
    {
        var percent = share * 100;
        var digits = percent is 0 or >= 1 ? 0 : (int)Math.Ceiling(-Math.Log10(percent) - 1e-9);
        return $"{percent.ToString($"F{Math.Clamp(digits, 0, 6)}", CultureInfo.InvariantCulture)} %";
    }

    private static string Number(double value) => value.ToString("#,0.######", CultureInfo.InvariantCulture);

    /// <summary>1, 2 or 5 times a power of ten, not below what is asked for.</summary>
    private static double Step(double least)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        var ratio = least / power;
        return power * (ratio <= 1 ? 1 : ratio <= 2 ? 2 : ratio <= 5 ? 5 : 10);
    }
}

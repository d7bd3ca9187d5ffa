using System.Globalization;
using Tributary.Payments.Money;
using Tributary.Payments.Reporting;

namespace Tributary.Server.Dashboard;

/// <summary>Sums of days as bars: one currency, every day of the span, an axis that ends on a round figure.</summary>
public sealed record Plot
{
    public const int Width = 640;
    public const int Height = 180;
    private const int Bottom = 22;
    private const int Top = 10;

    private Plot(Currency currency, List<Bar> bars, long top)
    {
        Currency = currency;
        Bars = bars;
        Ceiling = new CurrencyAmount(top, currency);
    }

    /// <summary>A day.</summary>
    /// <param name="Day">Which.</param>
    /// <param name="Amount">What came in.</param>
    /// <param name="X">From the left, in the drawing's units.</param>
    /// <param name="Y">The bar's upper edge.</param>
    /// <param name="BarWidth">Its width.</param>
    /// <param name="BarHeight">Its height.</param>
    public sealed record Bar(DateOnly Day, CurrencyAmount Amount, int X, int Y, int BarWidth, int BarHeight);

    public Currency Currency { get; }

    public IReadOnlyList<Bar> Bars { get; }

    /// <summary>What the upper edge stands for.</summary>
    public CurrencyAmount Ceiling { get; }

    /// <summary>Draws the days up to one, for a currency.</summary>
    public static Plot Of(IEnumerable<DailyTotal> totals, Currency currency, DateOnly last, int days)
    {
        var byDay = totals.Where(total => total.Amount.Currency == currency).ToDictionary(static total => total.Day, static total => total.Amount.MinorUnits);
        var first = last.AddDays(1 - days);
        var top = Round(Math.Max(1, byDay.Values.DefaultIfEmpty(0).Max()));
        var slot = Width / days;
        var bars = new List<Bar>(days);
        for (var i = 0; i < days; i++)
        {
            var day = first.AddDays(i);
            var amount = byDay.GetValueOrDefault(day);

            // A day with anything at all shows at least a line.
            var height = amount <= 0 ? 0 : Math.Max(2, (int)((Int128)amount * (Height - Bottom - Top) / top));
            bars.Add(new Bar(day, new CurrencyAmount(amount, currency), (i * slot) + (slot / 8), Height - Bottom - height, slot - (slot / 4), height));
        }

        return new Plot(currency, bars, top);
    }

    /// <summary>The smallest of 1, 2, 5 times a power of ten that is no less.</summary>
    public static long Round(long value)
    {
        for (Int128 power = 1; ; power *= 10)
        {
            foreach (var step in (int[])[1, 2, 5])
            {
                if (step * power >= value)
                    return (long)Int128.Min(step * power, long.MaxValue);
            }
        }
    }

    public static string Label(DateOnly day) => day.ToString("d MMM", CultureInfo.InvariantCulture);
}

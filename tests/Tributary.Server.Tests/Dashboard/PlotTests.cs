using Tributary.Payments.Money;
using Tributary.Payments.Reporting;
using Tributary.Server.Dashboard;

namespace Tributary.Server.Tests.Dashboard;

public sealed class PlotTests
{
    private static readonly DateOnly s_last = new(2026, 11, 22);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 5)]
    [InlineData(5, 5)]
    [InlineData(6, 10)]
    [InlineData(1001, 2000)]
    [InlineData(long.MaxValue, long.MaxValue)]
    public void The_axis_ends_on_a_round_figure_that_is_no_less(long value, long expected) => Assert.Equal(expected, Plot.Round(value));

    [Fact]
    public void Every_day_has_its_bar_within_the_drawing_and_other_currencies_none()
    {
        var euro = Currency.Of("eur");
        DailyTotal[] totals =
        [
            new(s_last, 3, new CurrencyAmount(long.MaxValue / 2, euro)), new(s_last.AddDays(-1), 1, new CurrencyAmount(1, euro)), new(s_last.AddDays(-2), 1, new CurrencyAmount(500, Currency.Of("usd"))),
            new(s_last.AddDays(-60), 1, new CurrencyAmount(9, euro)),
        ];
        var plot = Plot.Of(totals, euro, s_last, 28);
        Assert.Equal(28, plot.Bars.Count);
        Assert.Equal(s_last, plot.Bars[^1].Day);
        Assert.All(plot.Bars, static bar => Assert.True(bar.X >= 0 && bar.X + bar.BarWidth <= Plot.Width && bar.Y >= 0 && bar.Y + bar.BarHeight <= Plot.Height));
        Assert.True(plot.Bars[^2].BarHeight >= 2);
        Assert.Equal(0, plot.Bars[^3].BarHeight);
    }
}

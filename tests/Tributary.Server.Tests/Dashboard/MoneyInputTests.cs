using FsCheck;
using FsCheck.Fluent;
using Tributary.Payments.Money;
using Tributary.Server.Dashboard;

namespace Tributary.Server.Tests.Dashboard;

public sealed class MoneyInputTests
{
    [Theory]
    [InlineData("12.50", "eur", 1250)]
    [InlineData("12,5", "eur", 1250)]
    [InlineData(" 12 ", "eur", 1200)]
    [InlineData("0.05", "eur", 5)]
    [InlineData("1200", "jpy", 1200)]
    [InlineData("0.00000001", "btc", 1)]
    public void An_amount_is_read_as_it_was_meant(string text, string currency, long expected)
    {
        Assert.True(MoneyInput.TryRead(text, Currency.Of(currency), out var minorUnits));
        Assert.Equal(expected, minorUnits);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("-1")]
    [InlineData("1,234.50")]
    [InlineData("1.234")]
    [InlineData("12.")]
    [InlineData(".5")]
    [InlineData("1e3")]
    [InlineData("٣")]
    [InlineData("99999999999999999999")]
    public void What_could_mean_something_else_is_refused(string? text) => Assert.False(MoneyInput.TryRead(text, Currency.Of("eur"), out _));

    [Fact]
    public void What_is_written_is_read_back() =>
        Check.QuickThrowOnFailure(Prop.ForAll((int minorUnits) =>
        {
            var amount = new CurrencyAmount(Math.Abs((long)minorUnits), Currency.Of("eur"));
            return MoneyInput.TryRead(amount.ToString().Split(' ')[0], amount.Currency, out var read) && read == amount.MinorUnits;
        }));
}

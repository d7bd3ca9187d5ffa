using FsCheck;
using FsCheck.Fluent;
using Tributary.Payments.Money;
using Tributary.Server.Greenfield.Frame;

namespace Tributary.Server.Tests.Greenfield.Frame;

public sealed class GreenfieldAmountsTests
{
    [Fact]
    public void Every_amount_is_read_back_as_it_was_written()
    {
        foreach (var code in (string[])["btc", "eur", "jpy", "kwd"])
        {
            var currency = Currency.Of(code);
            Check.QuickThrowOnFailure(Prop.ForAll((ulong value) =>
            {
                var amount = new CurrencyAmount((long)(value % (ulong)CurrencyAmount.LargestOf(currency)) + 1, currency);
                return GreenfieldAmounts.TryParse(GreenfieldAmounts.Text(amount), currency, out var read, out _) && read == amount;
            }));
        }
    }

    [Fact]
    public void Any_text_is_an_amount_or_is_refused()
    {
        Check.QuickThrowOnFailure(Prop.ForAll((NonNull<string> text) =>
        {
            var isRead = GreenfieldAmounts.TryParse(text.Get, Currency.Of("eur"), out var amount, out var problem);
            return isRead ? amount.MinorUnits > 0 && problem is null : problem!.Length > 0;
        }));
    }

    [Theory]
    [InlineData("1", 100)]
    [InlineData("1.00", 100)]
    [InlineData("0.01", 1)]
    [InlineData("1e2", 10000)]
    [InlineData("999999.99", 99_999_999)]
    public void An_amount_may_be_written_in_more_than_one_way(string text, long cents)
    {
        Assert.True(GreenfieldAmounts.TryParse(text, Currency.Of("eur"), out var amount, out _));
        Assert.Equal(cents, amount.MinorUnits);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("0.001")]
    [InlineData("1000000")]
    [InlineData("1,5")]
    [InlineData("NaN")]
    [InlineData("1e40")]
    [InlineData("11111111111111111111111111111111111111111111")]
    public void What_is_no_amount_is_refused(string text) => Assert.False(GreenfieldAmounts.TryParse(text, Currency.Of("eur"), out _, out _));

    [Fact]
    public void Millisatoshis_are_decimals_of_a_bitcoin()
    {
        Assert.Equal("0.00000000001", GreenfieldAmounts.Bitcoin(1));
        Assert.Equal("0.00041667", GreenfieldAmounts.Bitcoin(41_667_000));
        Assert.Equal("21000000", GreenfieldAmounts.Bitcoin(2_100_000_000_000_000_000));
        Assert.Equal("-0.5", GreenfieldAmounts.Bitcoin(-50_000_000_000));
    }
}

using FsCheck;
using FsCheck.Fluent;
using Tributary.Payments.Money;
using Tributary.Payments.Quotes;
using Tributary.Primitives.Amounts;

namespace Tributary.Payments.Tests.Quotes;

public sealed class BitcoinPriceTests
{
    [Fact]
    public void An_amount_in_euro_asks_for_whole_satoshis_rounded_up()
    {
        var price = new BitcoinPrice(Currency.Of("eur"), 6_712_345_000);
        // 12.50 EUR at 67,123.45 EUR are 18,622.40... satoshis.
        Assert.Equal(new MilliSatoshis(18_623_000), price.ToBitcoin(new CurrencyAmount(1250, Currency.Of("eur"))));
    }

    [Fact]
    public void What_is_asked_for_covers_the_amount_and_a_satoshi_less_does_not()
    {
        Check.QuickThrowOnFailure(Prop.ForAll((PositiveInt amount, PositiveInt dear) =>
        {
            var price = new BitcoinPrice(Currency.Of("usd"), 1L + (dear.Get * 1_000L));
            var asked = price.ToBitcoin(new CurrencyAmount(amount.Get, Currency.Of("usd")));
            Assert.Equal(0, asked.Value % 1000);

            // Exact comparison in integers: asked x price >= amount x bitcoin > (asked - 1 sat) x price.
            var wanted = (UInt128)amount.Get * 1000 * 100_000_000_000;
            Assert.True((UInt128)asked.Value * (UInt128)price.MilliMinorUnits >= wanted);
            Assert.True((UInt128)(asked.Value - 1000) * (UInt128)price.MilliMinorUnits < wanted);
        }));
    }

    [Fact]
    public void A_price_in_the_weakest_currency_fits()
    {
        // A bitcoin at 200,000 USD and 1,500,000 rial for a dollar.
        var price = new BitcoinPrice(Currency.Of("irr"), checked(200_000L * 1_500_000 * 100 * 1000));
        Assert.Equal(new MilliSatoshis(1000), price.ToBitcoin(new CurrencyAmount(1, Currency.Of("irr"))));
    }

    [Fact]
    public void Bitcoin_is_worth_itself()
    {
        var amount = new CurrencyAmount(12_345, Currency.Bitcoin);
        Assert.Equal(new MilliSatoshis(12_345_000), BitcoinPrice.One.ToBitcoin(amount));
        Assert.Equal(amount, BitcoinPrice.One.FromBitcoin(new MilliSatoshis(12_345_999)));
    }
}

using Tributary.Payments.Ledger;
using Tributary.Payments.Money;
using Tributary.Payments.Quotes;
using Tributary.Server.Localisation;

namespace Tributary.Server.Tests.Localisation;

public sealed class MoneyTextTests
{
    private static Texts German => Texts.All.Single(static texts => texts.Language.Tag is "de");

    [Theory]
    [InlineData(0, "eur", "€0.00", "0,00 €")]
    [InlineData(5, "eur", "€0.05", "0,05 €")]
    [InlineData(123456, "eur", "€1,234.56", "1.234,56 €")]
    [InlineData(-123456, "usd", "-$1,234.56", "-1.234,56 $")]
    [InlineData(99999999, "eur", "€999,999.99", "999.999,99 €")]
    [InlineData(1200, "jpy", "¥1,200", "1.200 ¥")]
    [InlineData(1250, "kwd", "1.250 KWD", "1,250 KWD")]
    [InlineData(25000, "btc", "0.00025000 BTC", "0,00025000 BTC")]
    [InlineData(long.MinValue, "jpy", "-¥9,223,372,036,854,775,808", "-9.223.372.036.854.775.808 ¥")]
    public void An_amount_reads_as_people_of_the_language_write_it(long minorUnits, string currency, string english, string german)
    {
        var amount = new CurrencyAmount(minorUnits, Currency.Of(currency));
        Assert.Equal(english, Plain(MoneyText.Of(amount, Texts.English)));
        Assert.Equal(german, Plain(MoneyText.Of(amount, German)));
    }

    [Theory]
    [InlineData(41_667_000, "41,667 sat", "0.00041667 BTC")]
    [InlineData(41_667_001, "41,667.001 sat", "0.00041668 BTC")]
    [InlineData(1, "0.001 sat", "0.00000001 BTC")]
    [InlineData(0, "0 sat", "0.00000000 BTC")]
    public void Bitcoin_keeps_its_thousandths_and_is_asked_for_in_whole_satoshis(long milliSatoshis, string satoshis, string bitcoin)
    {
        Assert.Equal(satoshis, Plain(MoneyText.Of(Asset.Bitcoin, milliSatoshis, Texts.English)));
        Assert.Equal(bitcoin, Plain(MoneyText.Bitcoin(milliSatoshis, Texts.English)));
    }

    [Fact]
    public void A_price_is_the_price_of_one_bitcoin() =>
        Assert.Equal("€67,123.45", MoneyText.Price(new BitcoinPrice(Currency.Of("eur"), 6_712_345_000), Texts.English));

    private static string Plain(string text) => text.Replace('\u00a0', ' ');
}

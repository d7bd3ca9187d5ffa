using Tributary.Payments.Money;

namespace Tributary.Payments.Quotes;

/// <summary>
/// Prices for chains whose coins are worth nothing, so that a fresh installation quotes out of the box. They are round, they never change, and
/// nothing else follows from them.
/// </summary>
public static class DemoPrices
{
    /// <summary>What one bitcoin costs, in whole units of the currency.</summary>
    private static readonly (string Code, long Price)[] s_prices =
    [
        ("eur", 60_000), ("usd", 65_000), ("gbp", 50_000), ("chf", 58_000), ("cad", 88_000), ("aud", 98_000), ("nzd", 107_000), ("jpy", 10_000_000),
        ("krw", 90_000_000), ("inr", 5_500_000), ("brl", 350_000), ("mxn", 1_200_000), ("sek", 680_000), ("nok", 700_000), ("dkk", 448_000), ("pln", 258_000),
        ("czk", 1_510_000), ("huf", 24_000_000), ("ron", 298_000), ("try", 2_200_000), ("zar", 1_180_000), ("sgd", 87_000), ("hkd", 508_000), ("aed", 238_000),
        ("kwd", 20_000), ("bhd", 24_500),
    ];

    /// <summary>The prices, in thousandths of minor units.</summary>
    public static IEnumerable<BitcoinPrice> All
    {
        get
        {
            foreach (var (code, price) in s_prices)
            {
                if (!Currency.TryParse(code, out var currency))
                    continue;
                var scale = 1_000L;
                for (var i = 0; i < currency.Decimals; i++)
                    scale *= 10;
                yield return new BitcoinPrice(currency, checked(price * scale));
            }
        }
    }
}

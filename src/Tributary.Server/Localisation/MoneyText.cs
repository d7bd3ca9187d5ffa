using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Tributary.Payments.Ledger;
using Tributary.Payments.Money;
using Tributary.Payments.Quotes;

namespace Tributary.Server.Localisation;

/// <summary>Amounts as people of a language write them. Integers all the way: no digit is lost to a rounding.</summary>
internal static class MoneyText
{
    private const char NoBreakSpace = '\u00a0';

    private static readonly FrozenDictionary<string, string> s_symbols = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["eur"] = "€",
        ["usd"] = "$",
        ["gbp"] = "£",
        ["jpy"] = "¥",
        ["inr"] = "₹",
        ["krw"] = "₩",
        ["ils"] = "₪",
        ["uah"] = "₴",
        ["vnd"] = "₫",
        ["ngn"] = "₦",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>"€1,234.50" in English, "1.234,50 €" in German.</summary>
    public static string Of(CurrencyAmount amount, Texts texts)
    {
        var digits = Digits(amount.MinorUnits, amount.Currency.Decimals, texts);
        if (!s_symbols.TryGetValue(amount.Currency.Code, out var symbol))
            return $"{digits}{NoBreakSpace}{amount.Currency.Code.ToUpperInvariant()}";
        var isBefore = texts["number.symbol"] is "before";
        if (!isBefore)
            return $"{digits}{NoBreakSpace}{symbol}";
        return amount.MinorUnits < 0 ? $"-{symbol}{digits[1..]}" : symbol + digits;
    }

    /// <summary>What an account counts, in its own unit: satoshis for bitcoin, with thousandths where there are any.</summary>
    public static string Of(Asset asset, long amount, Texts texts) =>
        asset == Asset.Bitcoin ? Satoshis(amount, texts) : Of(new CurrencyAmount(amount, Currency.Of(asset.Code)), texts);

    /// <summary>Millisatoshis as satoshis: "41,667 sat".</summary>
    public static string Satoshis(long milliSatoshis, Texts texts)
    {
        var (whole, part) = Math.DivRem(milliSatoshis, 1000);
        return part == 0 ? $"{Digits(whole, 0, texts)}{NoBreakSpace}sat" : $"{Digits(milliSatoshis, 3, texts)}{NoBreakSpace}sat";
    }

    /// <summary>Millisatoshis as bitcoin: "0.00041667 BTC"; a part of a satoshi is rounded up, as one is asked for it.</summary>
    public static string Bitcoin(long milliSatoshis, Texts texts) =>
        $"{Digits((milliSatoshis + 999) / 1000, 8, texts)}{NoBreakSpace}BTC";

    /// <summary>"€60,000.00" for one bitcoin.</summary>
    public static string Price(BitcoinPrice price, Texts texts) => Of(new CurrencyAmount(price.MilliMinorUnits / 1000, price.Currency), texts);

    /// <summary>A whole number.</summary>
    public static string Number(long value, Texts texts) => Digits(value, 0, texts);

    private static string Digits(long value, int decimals, Texts texts)
    {
        var digits = Int128.Abs(value).ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        var whole = digits[..^decimals];
        var text = new StringBuilder();
        if (value < 0)
            text.Append('-');
        for (var i = 0; i < whole.Length; i++)
        {
            if (i > 0 && (whole.Length - i) % 3 == 0)
                text.Append(texts["number.group"]);
            text.Append(whole[i]);
        }

        return decimals == 0 ? text.ToString() : text.Append(texts["number.decimal"]).Append(digits.AsSpan(digits.Length - decimals)).ToString();
    }
}

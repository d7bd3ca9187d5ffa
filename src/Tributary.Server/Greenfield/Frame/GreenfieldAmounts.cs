using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Tributary.Payments.Money;
using Tributary.Payments.Quotes;

namespace Tributary.Server.Greenfield.Frame;

/// <summary>Money as this dialect writes it: decimals of the main unit, as text. Inside there are whole minor units alone.</summary>
internal static class GreenfieldAmounts
{
    private const int DigitsMax = 40;
    private const long MsatPerBitcoin = 100_000_000_000;

    /// <summary>Reads a decimal of more than nothing that the currency can express exactly.</summary>
    public static bool TryParse(string text, Currency currency, out CurrencyAmount amount, [NotNullWhen(false)] out string? problem) =>
        TryParse(text, currency.Decimals, currency, out amount, out problem);

    /// <summary>The same, of a unit with other decimals than the currency's own: satoshis have none.</summary>
    public static bool TryParse(string text, int decimals, Currency currency, out CurrencyAmount amount, [NotNullWhen(false)] out string? problem)
    {
        amount = default;
        if (text.Length > DigitsMax
            || !decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value))
        {
            problem = "A decimal amount is expected.";
            return false;
        }

        if (value <= 0)
        {
            problem = "The amount has to be more than 0.";
            return false;
        }

        var largest = CurrencyAmount.LargestOf(currency);
        if (value > new decimal(largest) / Scale(decimals))
        {
            problem = $"The amount can be at most {new CurrencyAmount(largest, currency)}.";
            return false;
        }

        var minor = value * Scale(decimals);
        if (minor != decimal.Truncate(minor))
        {
            problem = $"{currency.Code.ToUpperInvariant()} has {decimals.ToString(CultureInfo.InvariantCulture)} decimals here.";
            return false;
        }

        amount = new CurrencyAmount((long)minor, currency);
        problem = null;
        return true;
    }

    /// <summary>An amount as text, with the currency's decimals where they are not zero: "12.50", "1200", "0.00025".</summary>
    public static string Text(CurrencyAmount amount) => Text(amount.MinorUnits, amount.Currency.Decimals);

    /// <summary>Millisatoshis as bitcoin.</summary>
    public static string Bitcoin(long msat) => Text(msat, 11);

    /// <summary>Whole units and decimals without needless zeros.</summary>
    public static string Text(long units, int decimals)
    {
        var value = new decimal(units) / Scale(decimals);
        return value.ToString("0.###########", CultureInfo.InvariantCulture);
    }

    /// <summary>What one bitcoin costs, as text in the main unit.</summary>
    public static string Rate(BitcoinPrice price)
    {
        var worth = price.FromBitcoin(new(MsatPerBitcoin));
        return Text(worth.MinorUnits, worth.Currency.Decimals);
    }

    private static decimal Scale(int decimals) => decimals switch { 0 => 1m, 2 => 100m, 3 => 1_000m, 8 => 100_000_000m, 11 => 100_000_000_000m, _ => (decimal)Math.Pow(10, decimals) };
}

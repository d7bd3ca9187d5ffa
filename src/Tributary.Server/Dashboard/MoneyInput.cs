using System.Globalization;
using Tributary.Payments.Money;

namespace Tributary.Server.Dashboard;

/// <summary>Amounts as people type them.</summary>
internal static class MoneyInput
{
    /// <summary>
    /// Reads "12.50", "12,5" or "12" as minor units. One separator at most: what could be a group of thousands is refused rather than guessed.
    /// </summary>
    public static bool TryRead(string? text, Currency currency, out long minorUnits)
    {
        minorUnits = 0;
        var parts = (text ?? "").Trim().Split('.', ',');
        if (parts.Length is 0 or > 2 || parts[0].Length is 0 or > 15 || !parts[0].All(char.IsAsciiDigit))
            return false;
        var decimals = parts.Length == 2 ? parts[1] : "";
        if (decimals.Length > currency.Decimals || !decimals.All(char.IsAsciiDigit) || (parts.Length == 2 && decimals.Length == 0))
            return false;
        return long.TryParse(parts[0] + decimals.PadRight(currency.Decimals, '0'), NumberStyles.None, CultureInfo.InvariantCulture, out minorUnits);
    }

    /// <summary>Reads an amount of more than nothing as people of the counter write it: "12.50" of a currency, whole satoshis of bitcoin.</summary>
    public static bool TryReadWhole(string? text, Currency currency, out long minorUnits)
    {
        if (!currency.IsBitcoin)
            return TryRead(text, currency, out minorUnits) && minorUnits > 0;
        minorUnits = 0;
        var digits = (text ?? "").Trim();
        return digits.Length is > 0 and <= 16 && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out minorUnits) && minorUnits > 0;
    }

    /// <summary>An amount of the ledger as <see cref="TryReadWhole"/> reads it.</summary>
    public static string Write(string asset, long amount)
    {
        if (string.Equals(asset, "msat", StringComparison.Ordinal))
            return (amount / 1000).ToString(CultureInfo.InvariantCulture);
        return new CurrencyAmount(amount, Currency.Of(asset)).ToString().Split(' ')[0];
    }
}

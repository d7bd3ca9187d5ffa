using System.Globalization;
using Tributary.Primitives.Amounts;

namespace Tributary.Payments.Money;

/// <summary>An amount in a currency's minor units (cents; yen; satoshis), never negative beyond what a difference needs.</summary>
public readonly record struct CurrencyAmount(long MinorUnits, Currency Currency)
{
    /// <summary>The largest amount that a request may name, as in Stripe's API: eight digits for fiat; for bitcoin all there ever is.</summary>
    public static long LargestOf(Currency currency) => currency.IsBitcoin ? 21_000_000L * 100_000_000L : 99_999_999L;

    public static CurrencyAmount operator +(CurrencyAmount left, CurrencyAmount right) => new(checked(left.MinorUnits + Same(left, right).MinorUnits), left.Currency);

    public static CurrencyAmount operator -(CurrencyAmount left, CurrencyAmount right) => new(checked(left.MinorUnits - Same(left, right).MinorUnits), left.Currency);

    /// <summary>The exact bitcoin amount of an amount in satoshis.</summary>
    public MilliSatoshis ToMilliSatoshis() => Currency.IsBitcoin
        ? new MilliSatoshis(checked(MinorUnits * 1000))
        : throw new InvalidOperationException($"{Currency} is worth bitcoin only by a quote.");

    /// <summary>As people write it: "12.50 EUR", "1200 JPY", "0.00025000 BTC".</summary>
    public override string ToString()
    {
        var decimals = Currency.Decimals;
        var scale = (long)Math.Pow(10, decimals);
        var sign = MinorUnits < 0 ? "-" : "";
        var (whole, part) = Math.DivRem(Math.Abs(MinorUnits), scale);
        var digits = decimals == 0 ? "" : "." + part.ToString(CultureInfo.InvariantCulture).PadLeft(decimals, '0');
        return $"{sign}{whole.ToString(CultureInfo.InvariantCulture)}{digits} {Currency.Code.ToUpperInvariant()}";
    }

    private static CurrencyAmount Same(CurrencyAmount left, CurrencyAmount right) => left.Currency == right.Currency
        ? right
        : throw new InvalidOperationException($"{left.Currency} and {right.Currency} do not add up.");
}

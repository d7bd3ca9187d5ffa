using Tributary.Payments.Money;
using Tributary.Primitives.Amounts;

namespace Tributary.Payments.Quotes;

/// <summary>
/// What one bitcoin costs, as an integer: thousandths of the currency's minor unit (a price of 67,123.45 EUR is 6,712,345,000). Bitcoin's
/// own price is fixed.
/// </summary>
public readonly record struct BitcoinPrice(Currency Currency, long MilliMinorUnits)
{
    private const long Milli = 1_000;
    private const long MilliSatoshisPerBitcoin = 100_000_000_000;
    private const long MilliSatoshisPerSatoshi = 1000;

    /// <summary>A bitcoin in satoshis.</summary>
    public static BitcoinPrice One => new(Currency.Bitcoin, 100_000_000 * Milli);

    /// <summary>Bitcoin for an amount, rounded up to a whole satoshi: what a payer is asked for covers the amount.</summary>
    public MilliSatoshis ToBitcoin(CurrencyAmount amount)
    {
        Check(amount.Currency);
        ArgumentOutOfRangeException.ThrowIfNegative(amount.MinorUnits, nameof(amount));
        var satoshis = DivideUp(
            (UInt128)amount.MinorUnits * Milli * (MilliSatoshisPerBitcoin / MilliSatoshisPerSatoshi),
            (UInt128)MilliMinorUnits);
        return new MilliSatoshis(checked((long)(satoshis * MilliSatoshisPerSatoshi)));
    }

    /// <summary>An amount for bitcoin, rounded down: what was received is never called more than it is worth.</summary>
    public CurrencyAmount FromBitcoin(MilliSatoshis bitcoin)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bitcoin.Value, nameof(bitcoin));
        var minorUnits = (UInt128)bitcoin.Value * (UInt128)MilliMinorUnits / ((UInt128)MilliSatoshisPerBitcoin * Milli);
        return new CurrencyAmount(checked((long)minorUnits), Currency);
    }

    private static UInt128 DivideUp(UInt128 dividend, UInt128 divisor) => (dividend + divisor - 1) / divisor;

    private void Check(Currency currency)
    {
        if (currency != Currency || MilliMinorUnits <= 0)
            throw new InvalidOperationException($"A price in {Currency} does not price {currency}.");
    }
}

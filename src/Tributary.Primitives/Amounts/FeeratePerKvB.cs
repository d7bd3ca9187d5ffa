using System.Globalization;

namespace Tributary.Primitives.Amounts;

/// <summary>A feerate in satoshis per 1,000 virtual bytes, the unit of Bitcoin Core's relay policy and fee estimates.</summary>
public readonly record struct FeeratePerKvB : IComparable<FeeratePerKvB>
{
    /// <summary>A rate from a number of satoshis.</summary>
    /// <param name="satoshis">0 … <see cref="int.MaxValue"/> sat/kvB.</param>
    public FeeratePerKvB(long satoshis)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(satoshis);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(satoshis, int.MaxValue);
        Value = satoshis;
    }

    /// <summary>Satoshis per 1,000 virtual bytes.</summary>
    public long Value { get; }

    /// <summary>The fee of a transaction of this size, rounded up: never less than the rate promises.</summary>
    /// <param name="virtualBytes">Size in virtual bytes (BIP 141).</param>
    public Satoshis FeeFor(long virtualBytes) => new(checked(((Value * virtualBytes) + 999) / 1000));

    /// <summary>The rate that a fee buys for a size, rounded down.</summary>
    public static FeeratePerKvB Of(Satoshis fee, long virtualBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(virtualBytes);
        return new FeeratePerKvB((long)Int128.Min(int.MaxValue, (Int128)fee.Value * 1000 / virtualBytes));
    }

    /// <summary>The same rate per 1,000 weight units, rounded up so that a floor stays a floor.</summary>
    public FeeratePerKw ToPerKw() => new((Value + 3) / 4);

    public int CompareTo(FeeratePerKvB other) => Value.CompareTo(other.Value);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value} sat/kvB");

    public static bool operator <(FeeratePerKvB left, FeeratePerKvB right) => left.Value < right.Value;

    public static bool operator >(FeeratePerKvB left, FeeratePerKvB right) => left.Value > right.Value;

    public static bool operator <=(FeeratePerKvB left, FeeratePerKvB right) => left.Value <= right.Value;

    public static bool operator >=(FeeratePerKvB left, FeeratePerKvB right) => left.Value >= right.Value;
}

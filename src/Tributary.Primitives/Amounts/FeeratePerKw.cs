using System.Globalization;

namespace Tributary.Primitives.Amounts;

/// <summary>A feerate in satoshis per 1,000 weight units, the unit of Lightning (BOLT 2, <c>feerate_per_kw</c>).</summary>
public readonly record struct FeeratePerKw : IComparable<FeeratePerKw>
{
    /// <summary>A rate from a number of satoshis.</summary>
    /// <param name="satoshis">0 … <see cref="int.MaxValue"/> / 4 sat/kw.</param>
    public FeeratePerKw(long satoshis)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(satoshis);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(satoshis, (int.MaxValue / 4) + 1);
        Value = satoshis;
    }

    /// <summary>Satoshis per 1,000 weight units.</summary>
    public long Value { get; }

    /// <summary>The fee for a weight, rounded down, as BOLT 3 computes commitment fees.</summary>
    /// <param name="weightUnits">Weight as BIP 141 counts it.</param>
    public Satoshis FeeForWeight(long weightUnits) => new(checked(Value * weightUnits / 1000));

    /// <summary>The same rate per 1,000 virtual bytes.</summary>
    public FeeratePerKvB ToPerKvB() => new(Math.Min(int.MaxValue, Value * 4));

    public int CompareTo(FeeratePerKw other) => Value.CompareTo(other.Value);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value} sat/kw");

    public static bool operator <(FeeratePerKw left, FeeratePerKw right) => left.Value < right.Value;

    public static bool operator >(FeeratePerKw left, FeeratePerKw right) => left.Value > right.Value;

    public static bool operator <=(FeeratePerKw left, FeeratePerKw right) => left.Value <= right.Value;

    public static bool operator >=(FeeratePerKw left, FeeratePerKw right) => left.Value >= right.Value;
}

using System.Globalization;

namespace Tributary.Primitives.Amounts;

/// <summary>
/// An amount in thousandths of a satoshi, the unit of Lightning (BOLT 2). May be negative, so that differences are amounts too;
/// every operation is checked.
/// </summary>
public readonly record struct MilliSatoshis(long Value) : IComparable<MilliSatoshis>
{
    /// <summary>No money.</summary>
    public static MilliSatoshis Zero => default;

    /// <summary>Whole satoshis, rounded toward minus infinity: what an output on chain can carry of the amount.</summary>
    public Satoshis FloorToSatoshis() => new(Value >= 0 ? Value / 1000 : (Value - 999) / 1000);

    /// <summary>Whole satoshis, rounded toward plus infinity: what has to be asked for so that the amount is covered.</summary>
    public Satoshis CeilingToSatoshis() => -new MilliSatoshis(checked(-Value)).FloorToSatoshis();

    public int CompareTo(MilliSatoshis other) => Value.CompareTo(other.Value);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value} msat");

    public static MilliSatoshis operator +(MilliSatoshis left, MilliSatoshis right) => new(checked(left.Value + right.Value));

    public static MilliSatoshis operator -(MilliSatoshis left, MilliSatoshis right) => new(checked(left.Value - right.Value));

    public static bool operator <(MilliSatoshis left, MilliSatoshis right) => left.Value < right.Value;

    public static bool operator >(MilliSatoshis left, MilliSatoshis right) => left.Value > right.Value;

    public static bool operator <=(MilliSatoshis left, MilliSatoshis right) => left.Value <= right.Value;

    public static bool operator >=(MilliSatoshis left, MilliSatoshis right) => left.Value >= right.Value;
}

namespace Tributary.Storage.Leases;

/// <summary>The number of a writer: each that takes over has a higher one, which fences all before it off. The first is 1.</summary>
public readonly record struct Generation(ulong Value) : IComparable<Generation>
{
    public Generation Next => new(checked(Value + 1));

    public int CompareTo(Generation other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public static bool operator <(Generation left, Generation right) => left.Value < right.Value;

    public static bool operator >(Generation left, Generation right) => left.Value > right.Value;

    public static bool operator <=(Generation left, Generation right) => left.Value <= right.Value;

    public static bool operator >=(Generation left, Generation right) => left.Value >= right.Value;
}

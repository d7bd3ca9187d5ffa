namespace Tributary.Finance.Amounts;

/// <summary>An amount of one asset in its least units, never negative.</summary>
public readonly record struct Amount(UInt128 Units) : IComparable<Amount>
{
    /// <summary>Bytes of the encoding, little endian.</summary>
    public const int Length = 16;

    /// <summary>Nothing.</summary>
    public static Amount Zero => default;

    /// <summary>The most that any asset can have.</summary>
    public static Amount MaxValue => new(UInt128.MaxValue);

    public bool IsZero => Units == UInt128.Zero;

    /// <summary>Adds; false where the sum exceeds 128 bits.</summary>
    public bool TryAdd(Amount other, out Amount sum)
    {
        sum = new Amount(unchecked(Units + other.Units));
        return sum.Units >= Units;
    }

    /// <summary>Subtracts; false where the difference would be negative.</summary>
    public bool TrySubtract(Amount other, out Amount difference)
    {
        difference = new Amount(unchecked(Units - other.Units));
        return Units >= other.Units;
    }

    public int CompareTo(Amount other) => Units.CompareTo(other.Units);

    /// <summary>The integer in decimal.</summary>
    public override string ToString() => Units.ToString();

    /// <summary>The sum; one beyond 128 bits is a broken invariant and throws.</summary>
    public static Amount operator +(Amount left, Amount right) =>
        left.TryAdd(right, out var sum) ? sum : throw new OverflowException("The sum of amounts exceeds 128 bits.");

    /// <summary>The difference; a negative one is a broken invariant and throws.</summary>
    public static Amount operator -(Amount left, Amount right) =>
        left.TrySubtract(right, out var difference) ? difference : throw new OverflowException("The difference of amounts is negative.");

    public static bool operator <(Amount left, Amount right) => left.Units < right.Units;

    public static bool operator >(Amount left, Amount right) => left.Units > right.Units;

    public static bool operator <=(Amount left, Amount right) => left.Units <= right.Units;

    public static bool operator >=(Amount left, Amount right) => left.Units >= right.Units;

    public static implicit operator Amount(ulong units) => new(units);
}

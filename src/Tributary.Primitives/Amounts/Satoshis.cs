using System.Globalization;

namespace Tributary.Primitives.Amounts;

/// <summary>
/// An amount of bitcoin in satoshis (1 BTC = 100,000,000 satoshis). May be negative, so that differences are amounts too;
/// every operation is checked and overflow is an <see cref="OverflowException"/>.
/// </summary>
public readonly record struct Satoshis(long Value) : IComparable<Satoshis>
{
    /// <summary>Satoshis in one bitcoin.</summary>
    public const long PerBitcoin = 100_000_000;

    /// <summary>No money.</summary>
    public static Satoshis Zero => default;

    /// <summary>21 million bitcoin: the largest amount that a transaction may carry (Bitcoin Core's <c>MAX_MONEY</c>).</summary>
    public static Satoshis MaxMoney => new(21_000_000 * PerBitcoin);

    /// <summary>True for 0 … 21 million bitcoin, the range that consensus allows for an output.</summary>
    public bool IsInMoneyRange => Value >= 0 && Value <= MaxMoney.Value;

    /// <summary>The same amount in millisatoshis.</summary>
    public MilliSatoshis ToMilliSatoshis() => new(checked(Value * 1000));

    public int CompareTo(Satoshis other) => Value.CompareTo(other.Value);

    /// <summary>Adds; false where the sum does not fit.</summary>
    public bool TryAdd(Satoshis other, out Satoshis sum)
    {
        var value = unchecked(Value + other.Value);
        var overflowed = ((Value ^ value) & (other.Value ^ value)) < 0;
        sum = new Satoshis(overflowed ? 0 : value);
        return !overflowed;
    }

    /// <summary>Reads a decimal bitcoin amount with at most eight decimals ("0.00012", "21"); no sign, exponent or spaces.</summary>
    public static bool TryParseBitcoin(ReadOnlySpan<char> text, out Satoshis amount)
    {
        amount = default;
        var point = text.IndexOf('.');
        var whole = point < 0 ? text : text[..point];
        var fraction = point < 0 ? default : text[(point + 1)..];
        if (whole.Length is 0 or > 8 || fraction.Length > 8 || (point >= 0 && fraction.Length == 0))
            return false;

        long value = 0;
        foreach (var digit in whole)
        {
            if (!char.IsAsciiDigit(digit))
                return false;
            value = (value * 10) + (digit - '0');
        }

        for (var i = 0; i < 8; i++)
        {
            var digit = i < fraction.Length ? fraction[i] : '0';
            if (!char.IsAsciiDigit(digit))
                return false;
            value = (value * 10) + (digit - '0');
        }

        amount = new Satoshis(value);
        return true;
    }

    /// <summary>The amount as a decimal number of bitcoin with eight decimals, as Bitcoin Core writes it.</summary>
    public string ToBitcoinString()
    {
        var magnitude = UInt128.CreateChecked(Int128.Abs(Value));
        var (whole, rest) = UInt128.DivRem(magnitude, PerBitcoin);
        return string.Create(CultureInfo.InvariantCulture, $"{(Value < 0 ? "-" : "")}{whole}.{(long)rest:D8}");
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value} sat");

    public static Satoshis operator +(Satoshis left, Satoshis right) => new(checked(left.Value + right.Value));

    public static Satoshis operator -(Satoshis left, Satoshis right) => new(checked(left.Value - right.Value));

    public static Satoshis operator -(Satoshis value) => new(checked(-value.Value));

    public static Satoshis operator *(Satoshis left, long right) => new(checked(left.Value * right));

    public static bool operator <(Satoshis left, Satoshis right) => left.Value < right.Value;

    public static bool operator >(Satoshis left, Satoshis right) => left.Value > right.Value;

    public static bool operator <=(Satoshis left, Satoshis right) => left.Value <= right.Value;

    public static bool operator >=(Satoshis left, Satoshis right) => left.Value >= right.Value;
}

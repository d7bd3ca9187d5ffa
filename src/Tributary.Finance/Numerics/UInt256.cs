using System.Buffers.Binary;
using System.Numerics;

namespace Tributary.Finance.Numerics;

/// <summary>
/// An unsigned integer of 256 bits: what the product of two amounts needs. Arithmetic is checked, overflow is an <see cref="OverflowException"/>,
/// unless the name says that it wraps.
/// </summary>
public readonly record struct UInt256(UInt128 Upper, UInt128 Lower) : IComparable<UInt256>
{
    /// <summary>Bytes of the encoding, little endian.</summary>
    public const int Length = 32;

    public static UInt256 Zero => default;

    public static UInt256 MaxValue => new(UInt128.MaxValue, UInt128.MaxValue);

    public static implicit operator UInt256(UInt128 value) => new(0, value);

    /// <summary>The exact product; it always fits.</summary>
    public static UInt256 Multiply(UInt128 left, UInt128 right)
    {
        ulong a0 = (ulong)left, a1 = (ulong)(left >> 64), b0 = (ulong)right, b1 = (ulong)(right >> 64);
        var low = Product(a0, b0);
        var high = Product(a1, b1);
        var cross = Product(a0, b1);
        var other = Product(a1, b0);

        // The middle words: at most three words of 64 bits are added up, so 128 bits hold them.
        var middle = (low >> 64) + (ulong)cross + (ulong)other;
        return new UInt256(high + (cross >> 64) + (other >> 64) + (middle >> 64), (middle << 64) | (ulong)low);
    }

    public static UInt256 operator +(UInt256 left, UInt256 right)
    {
        var sum = AddWrapping(left, right);
        return sum < left ? throw new OverflowException("The sum exceeds 256 bits.") : sum;
    }

    public static UInt256 operator -(UInt256 left, UInt256 right)
    {
        if (left < right)
            throw new OverflowException("The difference is negative.");
        var borrow = left.Lower < right.Lower ? UInt128.One : UInt128.Zero;
        return new UInt256(left.Upper - right.Upper - borrow, unchecked(left.Lower - right.Lower));
    }

    public static bool operator <(UInt256 left, UInt256 right) =>
        left.Upper < right.Upper || (left.Upper == right.Upper && left.Lower < right.Lower);

    public static bool operator >(UInt256 left, UInt256 right) => right < left;

    public static bool operator <=(UInt256 left, UInt256 right) => !(right < left);

    public static bool operator >=(UInt256 left, UInt256 right) => !(left < right);

    /// <summary>The sum modulo 2²⁵⁶.</summary>
    public static UInt256 AddWrapping(UInt256 left, UInt256 right)
    {
        var lower = unchecked(left.Lower + right.Lower);
        var carry = lower < left.Lower ? UInt128.One : UInt128.Zero;
        return new UInt256(unchecked(left.Upper + right.Upper + carry), lower);
    }

    /// <summary>The product modulo 2²⁵⁶.</summary>
    public static UInt256 MultiplyWrapping(UInt256 left, UInt128 right)
    {
        var low = Multiply(left.Lower, right);
        return new UInt256(unchecked(low.Upper + (left.Upper * right)), low.Lower);
    }

    /// <summary>The quotient, rounded down, and the remainder. A divisor of zero is a bug of the caller.</summary>
    public static (UInt256 Quotient, UInt128 Remainder) DivRem(UInt256 dividend, UInt128 divisor)
    {
        if (divisor == UInt128.Zero)
            throw new DivideByZeroException();
        var upper = dividend.Upper / divisor;
        var remainder = dividend.Upper % divisor;
        if (remainder == UInt128.Zero)
            return (new UInt256(upper, dividend.Lower / divisor), dividend.Lower % divisor);

        // The remainder stays below the divisor, so one bit carried out of 128 is all that a shift can lose.
        var lower = UInt128.Zero;
        for (var bit = 127; bit >= 0; bit--)
        {
            var carried = (remainder >> 127) != UInt128.Zero;
            remainder = (remainder << 1) | ((dividend.Lower >> bit) & UInt128.One);
            if (carried || remainder >= divisor)
            {
                remainder = unchecked(remainder - divisor);
                lower |= UInt128.One << bit;
            }
        }

        return (new UInt256(upper, lower), remainder);
    }

    /// <summary>a·b/d rounded down; false where the result exceeds 128 bits. A divisor of zero is a bug of the caller.</summary>
    public static bool TryMultiplyDivide(UInt128 left, UInt128 right, UInt128 divisor, out UInt128 result) =>
        DivRem(Multiply(left, right), divisor).Quotient.TryNarrow(out result);

    /// <summary>The greatest integer whose square does not exceed the value.</summary>
    public UInt128 SquareRoot()
    {
        var root = UInt128.Zero;
        for (var bit = (BitLength - 1) / 2; bit >= 0; bit--)
        {
            var candidate = root | (UInt128.One << bit);
            if (Multiply(candidate, candidate) <= this)
                root = candidate;
        }

        return root;
    }

    /// <summary>The value as 128 bits; false where it exceeds them.</summary>
    public bool TryNarrow(out UInt128 value)
    {
        value = Upper == UInt128.Zero ? Lower : UInt128.Zero;
        return Upper == UInt128.Zero;
    }

    public int CompareTo(UInt256 other) => this < other ? -1 : other < this ? 1 : 0;

    public BigInteger ToBigInteger() => ((BigInteger)Upper << 128) | (BigInteger)Lower;

    /// <summary>Writes 32 bytes, little endian.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt128LittleEndian(destination, Lower);
        BinaryPrimitives.WriteUInt128LittleEndian(destination[16..], Upper);
    }

    /// <summary>Reads 32 bytes, little endian.</summary>
    public static UInt256 Read(ReadOnlySpan<byte> source) =>
        new(BinaryPrimitives.ReadUInt128LittleEndian(source[16..]), BinaryPrimitives.ReadUInt128LittleEndian(source));

    /// <summary>The integer in decimal.</summary>
    public override string ToString() => ToBigInteger().ToString();

    private int BitLength => Upper == UInt128.Zero ? 128 - (int)UInt128.LeadingZeroCount(Lower) : 256 - (int)UInt128.LeadingZeroCount(Upper);

    private static UInt128 Product(ulong left, ulong right)
    {
        var high = Math.BigMul(left, right, out var low);
        return new UInt128(high, low);
    }
}

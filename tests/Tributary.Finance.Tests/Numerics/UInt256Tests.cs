using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Tributary.Finance.Numerics;

namespace Tributary.Finance.Tests.Numerics;

public sealed class UInt256Tests
{
    private static readonly BigInteger Modulus = BigInteger.One << 256;

    /// <summary>Every size of number is as likely as any other.</summary>
    private static UInt128 Spread(ulong high, ulong low, byte shift) => new UInt128(high, low) >> (shift % 128);

    private static IEnumerable<UInt128> Edges()
    {
        foreach (var shift in (int[])[0, 1, 63, 64, 65, 127])
        {
            yield return UInt128.One << shift;
            yield return (UInt128.One << shift) - 1;
            yield return (UInt128.One << shift) + 1;
        }

        yield return UInt128.MaxValue;
        yield return UInt128.MaxValue - 1;
    }

    private static void CheckPair(UInt128 a, UInt128 b)
    {
        var product = UInt256.Multiply(a, b);
        Assert.Equal((BigInteger)a * b, product.ToBigInteger());
        var pair = new UInt256(a, b);
        Assert.Equal(((BigInteger)a << 128) | b, pair.ToBigInteger());
        Assert.Equal((product.ToBigInteger() + pair.ToBigInteger()) % Modulus, UInt256.AddWrapping(product, pair).ToBigInteger());
        Assert.Equal(pair.ToBigInteger() * b % Modulus, UInt256.MultiplyWrapping(pair, b).ToBigInteger());
        Assert.Equal(product.ToBigInteger().CompareTo(pair.ToBigInteger()), product.CompareTo(pair));
        if (product >= pair)
            Assert.Equal(product.ToBigInteger() - pair.ToBigInteger(), (product - pair).ToBigInteger());
        else
            Assert.Throws<OverflowException>(() => product - pair);
        if (product.ToBigInteger() + pair.ToBigInteger() < Modulus)
            Assert.Equal(product.ToBigInteger() + pair.ToBigInteger(), (product + pair).ToBigInteger());
        else
            Assert.Throws<OverflowException>(() => product + pair);
        var root = (BigInteger)pair.SquareRoot();
        Assert.True(root * root <= pair.ToBigInteger() && (root + 1) * (root + 1) > pair.ToBigInteger());
        Span<byte> bytes = stackalloc byte[UInt256.Length];
        pair.Write(bytes);
        Assert.Equal(pair, UInt256.Read(bytes));
        Assert.Equal(pair.ToBigInteger(), new BigInteger(bytes, isUnsigned: true));
    }

    private static void CheckDivision(UInt128 a, UInt128 b, UInt128 divisor)
    {
        if (divisor == UInt128.Zero)
            return;
        foreach (var dividend in (UInt256[])[new UInt256(a, b), UInt256.Multiply(a, b)])
        {
            var (quotient, remainder) = UInt256.DivRem(dividend, divisor);
            Assert.Equal(dividend.ToBigInteger() / divisor, quotient.ToBigInteger());
            Assert.Equal(dividend.ToBigInteger() % divisor, (BigInteger)remainder);
        }

        var exact = (BigInteger)a * b / divisor;
        Assert.Equal(exact <= UInt128.MaxValue, UInt256.TryMultiplyDivide(a, b, divisor, out var result));
        Assert.Equal(exact <= UInt128.MaxValue ? exact : 0, (BigInteger)result);
    }

    [Fact]
    public void Arithmetic_is_that_of_integers_at_the_edges()
    {
        foreach (var a in Edges())
        {
            foreach (var b in Edges())
            {
                CheckPair(a, b);
                foreach (var divisor in Edges())
                    CheckDivision(a, b, divisor);
            }
        }

        Assert.Throws<DivideByZeroException>(() => UInt256.DivRem(UInt256.MaxValue, 0));
        Assert.Equal(UInt256.Zero.SquareRoot(), UInt128.Zero);
    }

    [Fact]
    public void Arithmetic_is_that_of_integers() => Check.QuickThrowOnFailure(Prop.ForAll((ulong a, ulong b, byte shift) =>
    {
        var (left, right) = (Spread(a, b * 0x9e3779b97f4a7c15, shift), Spread(b, a ^ 0x5555, (byte)(shift / 2)));
        CheckPair(left, right);
        CheckPair(right, left);
        CheckDivision(left, right, Spread(b, a, (byte)(shift * 3)));
        CheckDivision(left, right, Spread(a, b, shift));
    }));
}

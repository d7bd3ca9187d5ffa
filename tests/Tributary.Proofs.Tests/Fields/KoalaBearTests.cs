using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Tributary.Proofs.Fields;

namespace Tributary.Proofs.Tests.Fields;

public sealed class KoalaBearTests
{
    private static readonly BigInteger P = KoalaBear.Modulus;

    [Fact]
    public void The_modulus_is_the_prime_2_31_minus_2_24_plus_1()
    {
        Assert.Equal((BigInteger.One << 31) - (BigInteger.One << 24) + 1, P);
        for (var divisor = 2u; (ulong)divisor * divisor <= KoalaBear.Modulus; divisor++)
            Assert.NotEqual(0u, KoalaBear.Modulus % divisor);
    }

    [Fact]
    public void Arithmetic_equals_that_of_integers_modulo_p() =>
        Check.QuickThrowOnFailure(Prop.ForAll((uint a, uint b, ulong e) =>
        {
            KoalaBear x = a, y = b;
            return (x + y).Value == (a + (BigInteger)b) % P
                && (x - y).Value == ((((BigInteger)a - b) % P) + P) % P
                && (x * y).Value == (BigInteger)a * b % P
                && (-x).Value == (P - (a % P)) % P
                && x.Power(e).Value == BigInteger.ModPow(a, e, P)
                && KoalaBear.FromUInt64(e).Value == e % P
                && KoalaBear.FromInt32((int)b).Value == ((((int)b) % P) + P) % P
                && (x.IsZero || (x.Inverse() * x) == KoalaBear.One);
        }));

    [Fact]
    public void Edges_of_the_field_multiply_as_integers_do()
    {
        var random = new TestRandom(1);
        for (var i = 0; i < 20_000; i++)
        {
            KoalaBear x = random.NextElement(), y = random.NextElement();
            Assert.Equal((uint)((ulong)x.Value * y.Value % KoalaBear.Modulus), (x * y).Value);
            Assert.Equal((uint)(((ulong)x.Value + y.Value) % KoalaBear.Modulus), (x + y).Value);
            Assert.True((x * y).Word < KoalaBear.Modulus && (x - y).Word < KoalaBear.Modulus);
        }
    }

    [Fact]
    public void Three_generates_the_multiplicative_group()
    {
        // p − 1 = 2²⁴ · 127
        Assert.NotEqual(KoalaBear.One, KoalaBear.Generator.Power((KoalaBear.Modulus - 1) / 2));
        Assert.NotEqual(KoalaBear.One, KoalaBear.Generator.Power((KoalaBear.Modulus - 1) / 127));
        Assert.Equal(KoalaBear.One, KoalaBear.Generator.Power(KoalaBear.Modulus - 1));
    }

    [Fact]
    public void Two_adic_generators_have_their_order()
    {
        Assert.Equal(KoalaBear.One, KoalaBear.TwoAdicGenerator(0));
        for (var k = 1; k <= KoalaBear.TwoAdicity; k++)
        {
            Assert.Equal(-KoalaBear.One, KoalaBear.TwoAdicGenerator(k).Power(1UL << (k - 1)));
            Assert.Equal(KoalaBear.TwoAdicGenerator(k - 1), KoalaBear.TwoAdicGenerator(k) * KoalaBear.TwoAdicGenerator(k));
        }
    }

    [Fact]
    public void Inverse_powers_of_two_are_inverse()
    {
        for (var k = 0; k <= 24; k++)
            Assert.Equal(KoalaBear.One, KoalaBear.InversePowerOfTwo(k) * KoalaBear.FromUInt32(1u << k));
    }

    [Fact]
    public void Only_words_below_p_decode()
    {
        Assert.True(KoalaBear.TryFromWord(KoalaBear.Modulus - 1, out _));
        Assert.False(KoalaBear.TryFromWord(KoalaBear.Modulus, out _));
        Assert.False(KoalaBear.TryFromWord(uint.MaxValue, out var refused));
        Assert.Equal(KoalaBear.Zero, refused);
    }

    [Fact]
    public void The_inverse_of_zero_is_a_bug() => Assert.Throws<DivideByZeroException>(() => KoalaBear.Zero.Inverse());

    [Fact]
    public void Batch_inversion_equals_single_inversions()
    {
        var random = new TestRandom(2);
        var values = random.Elements(100).Where(x => !x.IsZero).ToArray();
        var inverses = values.ToArray();
        BatchInversion.InvertInPlace(inverses);
        Assert.Equal(values.Select(x => x.Inverse()), inverses);
        BatchInversion.InvertInPlace(Span<KoalaBear>.Empty);
    }
}

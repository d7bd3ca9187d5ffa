using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Tributary.Proofs.Fields;

/// <summary>
/// An integer modulo p = 2³¹ − 2²⁴ + 1 in Montgomery form: the stored word is x·2³² mod p, always below p.
/// p − 1 = 127·2²⁴, so there are multiplicative subgroups of every power of two up to 2²⁴, and x ↦ x³ is a permutation.
/// </summary>
public readonly struct KoalaBear : IAlgebra<KoalaBear>, IEquatable<KoalaBear>
{
    /// <summary>p.</summary>
    public const uint Modulus = 0x7f000001;

    /// <summary>The largest k such that 2^k divides p − 1.</summary>
    public const int TwoAdicity = 24;

    /// <summary>Bytes of the one canonical encoding.</summary>
    public const int ByteLength = sizeof(uint);

    /// <summary>p⁻¹ mod 2³².</summary>
    internal const uint MontgomeryInverse = 0x81000001;

    /// <summary>2⁶⁴ mod p: turns an integer into Montgomery form.</summary>
    private const uint MontgomerySquare = 0x17f7efe4;

    private readonly uint _word;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private KoalaBear(uint word) => _word = word;

    public static KoalaBear Zero => default;

    public static KoalaBear One => new(0x01fffffe);

    public static KoalaBear Two => new(0x03fffffc);

    /// <summary>3 generates the multiplicative group; it is also the shift of every low-degree-extension domain.</summary>
    public static KoalaBear Generator => FromUInt32(3);

    /// <summary>The stored word x·2³² mod p: what hashes read and what proofs carry.</summary>
    public uint Word
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _word;
    }

    /// <summary>The element as an integer below p.</summary>
    public uint Value => Reduce(_word);

    /// <summary>True for the additive neutral element.</summary>
    public bool IsZero => _word == 0;

    /// <summary>The residue of any 32-bit integer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static KoalaBear FromUInt32(uint value) => new(Reduce((ulong)value * MontgomerySquare));

    /// <summary>The residue of any 64-bit integer.</summary>
    public static KoalaBear FromUInt64(ulong value) => FromUInt32((uint)(value % Modulus));

    /// <summary>The residue of a signed integer.</summary>
    public static KoalaBear FromInt32(int value) => value >= 0 ? FromUInt32((uint)value) : -FromUInt32((uint)-(long)value);

    /// <summary>A boolean as 0 or 1.</summary>
    public static KoalaBear FromBoolean(bool value) => value ? One : Zero;

    /// <summary>The element with this stored word; false where the word is not below p, so that each element has one encoding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryFromWord(uint word, out KoalaBear value)
    {
        var canonical = word < Modulus;
        value = new KoalaBear(canonical ? word : 0);
        return canonical;
    }

    /// <summary>The element with this stored word, which the caller knows to be below p.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static KoalaBear FromWordUnchecked(uint word) => new(word);

    public static KoalaBear FromBase(KoalaBear value) => value;

    /// <summary>A generator of the subgroup of order 2^<paramref name="logSize"/>; squares step down to smaller subgroups.</summary>
    public static KoalaBear TwoAdicGenerator(int logSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(logSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(logSize, TwoAdicity);
        var root = Generator.Power((Modulus - 1) >> TwoAdicity);
        for (var i = logSize; i < TwoAdicity; i++)
            root *= root;
        return root;
    }

    /// <summary>1 / 2^<paramref name="exponent"/> for exponents up to 24.</summary>
    public static KoalaBear InversePowerOfTwo(int exponent)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(exponent);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(exponent, TwoAdicity);

        // 1 ≡ −(p − 1) and 2²⁴ divides p − 1.
        return exponent == 0 ? One : -FromUInt32((Modulus - 1) >> exponent);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static KoalaBear operator +(KoalaBear left, KoalaBear right)
    {
        var sum = left._word + right._word;
        return new KoalaBear(uint.Min(sum, sum - Modulus));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static KoalaBear operator -(KoalaBear left, KoalaBear right)
    {
        var difference = left._word - right._word;
        return new KoalaBear(uint.Min(difference, difference + Modulus));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static KoalaBear operator -(KoalaBear value) => Zero - value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static KoalaBear operator *(KoalaBear left, KoalaBear right) => new(Reduce((ulong)left._word * right._word));

    public static bool operator ==(KoalaBear left, KoalaBear right) => left._word == right._word;

    public static bool operator !=(KoalaBear left, KoalaBear right) => left._word != right._word;

    public static implicit operator KoalaBear(int value) => FromInt32(value);

    public static implicit operator KoalaBear(uint value) => FromUInt32(value);

    /// <summary>x^<paramref name="exponent"/>.</summary>
    public KoalaBear Power(ulong exponent)
    {
        var (result, square) = (One, this);
        for (; exponent != 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0)
                result *= square;
            square *= square;
        }

        return result;
    }

    /// <summary>1/x by Fermat; the inverse of zero is a bug of the caller.</summary>
    public KoalaBear Inverse() => IsZero ? throw new DivideByZeroException("Zero has no inverse.") : Power(Modulus - 2);

    public static Quintic<KoalaBear> MultiplyQuintic(in Quintic<KoalaBear> a, in Quintic<KoalaBear> b)
    {
        // Products stay below 2⁶², so a 64-bit sum of four is exact, and one conditional subtraction of p·2³² makes it reducible.
        ulong a0 = a.C0._word, a1 = a.C1._word, a2 = a.C2._word, a3 = a.C3._word, a4 = a.C4._word;
        ulong b0 = b.C0._word, b1 = b.C1._word, b2 = b.C2._word, b3 = b.C3._word, b4 = b.C4._word;
        var c0 = new KoalaBear(Reduce(a0 * b0));
        var c1 = new KoalaBear(Reduce((a0 * b1) + (a1 * b0)));
        var c2 = new KoalaBear(ReduceSum((a0 * b2) + (a1 * b1) + (a2 * b0)));
        var c3 = new KoalaBear(ReduceSum((a0 * b3) + (a1 * b2) + (a2 * b1) + (a3 * b0)));
        var c4 = new KoalaBear(ReduceSum(Fold((a0 * b4) + (a1 * b3) + (a2 * b2) + (a3 * b1)) + (a4 * b0)));
        var c5 = new KoalaBear(ReduceSum((a1 * b4) + (a2 * b3) + (a3 * b2) + (a4 * b1)));
        var c6 = new KoalaBear(ReduceSum((a2 * b4) + (a3 * b3) + (a4 * b2)));
        var c7 = new KoalaBear(Reduce((a3 * b4) + (a4 * b3)));
        var c8 = new KoalaBear(Reduce(a4 * b4));
        return new Quintic<KoalaBear>(c0 + c5 - c8, c1 + c6, c2 - c5 + c7 + c8, c3 - c6 + c8, c4 - c7);
    }

    /// <summary>c·2⁻³² mod p for c below p·2³² (Montgomery 1985; the variant with p⁻¹, whose result needs one conditional addition).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Reduce(ulong c)
    {
        var q = (uint)c * MontgomeryInverse;
        var high = (uint)(c >> 32) - (uint)(((ulong)q * Modulus) >> 32);
        return uint.Min(high, high + Modulus);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong sum) => ulong.Min(sum, sum - ((ulong)Modulus << 32));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint ReduceSum(ulong sum) => Reduce(Fold(sum));

    public bool Equals(KoalaBear other) => _word == other._word;

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is KoalaBear other && Equals(other);

    public override int GetHashCode() => (int)_word;

    /// <summary>The integer below p, in decimal.</summary>
    public override string ToString() => Value.ToString();
}

using System.Buffers.Binary;

namespace Tributary.Proofs.Fields;

/// <summary>What only the scalar extension has: inverses, Frobenius, canonical bytes.</summary>
public static class ExtensionField
{
    /// <summary>Bytes of the canonical encoding: five words, C0 first.</summary>
    public const int ByteLength = Extension.Degree * KoalaBear.ByteLength;

    /// <summary>Row k holds (X^p)^k in coordinates: the matrix of x ↦ x^p.</summary>
    private static readonly Extension[] FrobeniusOfPowers = ComputeFrobenius();

    /// <summary>x^p, a linear map over the base field.</summary>
    public static Extension Frobenius(Extension value)
    {
        var result = new Extension(value.C0);
        for (var k = 1; k < Extension.Degree; k++)
            result += FrobeniusOfPowers[k] * value[k];
        return result;
    }

    /// <summary>
    /// 1/x by Itoh and Tsujii: x^(p + p² + p³ + p⁴) is the product of the other conjugates, and times x it is the norm, which lies in the base.
    /// </summary>
    public static Extension Inverse(this Extension value)
    {
        var conjugate1 = Frobenius(value);
        var conjugates12 = conjugate1 * Frobenius(conjugate1);
        var others = conjugates12 * Frobenius(Frobenius(conjugates12));
        var norm = (others * value).C0;
        return others * norm.Inverse();
    }

    /// <summary>True when the element lies in the base field.</summary>
    public static bool IsInBaseField(this Extension value) =>
        value.C1.IsZero && value.C2.IsZero && value.C3.IsZero && value.C4.IsZero;

    /// <summary>Writes the canonical encoding.</summary>
    public static void Write(Extension value, Span<byte> destination)
    {
        for (var k = 0; k < Extension.Degree; k++)
            BinaryPrimitives.WriteUInt32LittleEndian(destination[(4 * k)..], value[k].Word);
    }

    /// <summary>Reads an encoding; false unless it is the canonical one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out Extension value)
    {
        value = default;
        if (source.Length < ByteLength
            || !TryReadWord(source, out var c0)
            || !TryReadWord(source[4..], out var c1)
            || !TryReadWord(source[8..], out var c2)
            || !TryReadWord(source[12..], out var c3)
            || !TryReadWord(source[16..], out var c4))
            return false;

        value = new Extension(c0, c1, c2, c3, c4);
        return true;
    }

    /// <summary>1, x, x², … of <paramref name="count"/> elements.</summary>
    public static Extension[] Powers(Extension value, int count)
    {
        var powers = new Extension[count];
        var power = Extension.One;
        for (var i = 0; i < count; i++)
        {
            powers[i] = power;
            power *= value;
        }

        return powers;
    }

    /// <summary>Σ wᵢ·xᵢ, with sums in 64 bits and one reduction for each coordinate.</summary>
    internal static Extension InnerProduct(ReadOnlySpan<Extension> weights, ReadOnlySpan<KoalaBear> values)
    {
        const ulong limit = (ulong)KoalaBear.Modulus << 32;
        ulong s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0;
        for (var i = 0; i < values.Length; i++)
        {
            // Below p·2³², one product more stays below 2⁶⁴.
            ulong x = values[i].Word;
            ref readonly var weight = ref weights[i];
            s0 = Fold(s0 + (x * weight.C0.Word));
            s1 = Fold(s1 + (x * weight.C1.Word));
            s2 = Fold(s2 + (x * weight.C2.Word));
            s3 = Fold(s3 + (x * weight.C3.Word));
            s4 = Fold(s4 + (x * weight.C4.Word));
        }

        return new Extension(Reduce(s0), Reduce(s1), Reduce(s2), Reduce(s3), Reduce(s4));

        static ulong Fold(ulong sum) => ulong.Min(sum, sum - limit);

        static KoalaBear Reduce(ulong sum) => KoalaBear.FromWordUnchecked(KoalaBear.Reduce(sum));
    }

    private static bool TryReadWord(ReadOnlySpan<byte> source, out KoalaBear value) =>
        KoalaBear.TryFromWord(BinaryPrimitives.ReadUInt32LittleEndian(source), out value);

    private static Extension[] ComputeFrobenius()
    {
        var image = Extension.X.Power(KoalaBear.Modulus);
        return Powers(image, Extension.Degree);
    }
}

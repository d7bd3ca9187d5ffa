using Tributary.Proofs.Fields;

namespace Tributary.Proofs.Ntt;

/// <summary>Geometric sequences: points of domains and factors of transforms.</summary>
internal static unsafe class Geometric
{
    private const int Chains = 16;

    /// <summary>Writes start·ratioⁱ for i below count; sixteen chains keep the multiplier busy where one would wait for itself.</summary>
    public static void Fill(uint* words, int count, KoalaBear start, KoalaBear ratio)
    {
        var head = Math.Min(count, Chains);
        var value = start;
        for (var i = 0; i < head; i++)
        {
            words[i] = value.Word;
            value *= ratio;
        }

        if (count <= Chains)
            return;
        if (PackedField512.IsSupported && count % PackedField512.Width == 0)
            Continue<PackedField512>(words, count, ratio.Power(Chains));
        else
            Continue<PackedScalar>(words, count, ratio.Power(Chains));
    }

    private static void Continue<T>(uint* words, int count, KoalaBear step)
        where T : unmanaged, IPackedField<T>
    {
        var factor = T.FromBase(step);
        for (var i = Chains; i < count; i += T.Width)
            T.Store(words + i, T.Load(words + i - Chains) * factor);
    }
}

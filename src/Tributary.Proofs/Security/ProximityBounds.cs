namespace Tributary.Proofs.Security;

/// <summary>
/// Proximity gaps of Reed–Solomon codes. All errors are returned as log2 of their numerator over the field: the chance is 2^(result)/|F|.
/// </summary>
public static class ProximityBounds
{
    /// <summary>The agreement 1 − θ at the parameter m below the Johnson bound: √ρ·(1 + 1/2m).</summary>
    public static double JohnsonAgreement(double rate, double m) => Math.Sqrt(rate) * (1 + (1 / (2 * m)));

    /// <summary>The agreement at the unique decoding radius: (1 + ρ)/2.</summary>
    public static double UniqueAgreement(double rate) => (1 + rate) / 2;

    /// <summary>
    /// ePrint 2025/2055, theorem 1.5: for words at distance θ = 1 − √ρ(1 + 1/2m), a line has at most
    /// (2(m + ½)⁵ + 3(m + ½)θρ)/(3ρ^(3/2))·n + (m + ½)/√ρ exceptional points, n the length of the code. This is one challenge joining two words.
    /// It exceeds the (2m + 1)(n + 1)/√ρ that ePrint 2024/1553 asks besides, for every m from 3.
    /// </summary>
    public static double JohnsonLine(double rate, double length, double m)
    {
        var shifted = m + 0.5;
        var distance = 1 - JohnsonAgreement(rate, m);
        var count = (((2 * Math.Pow(shifted, 5)) + (3 * shifted * distance * rate)) / (3 * Math.Pow(rate, 1.5)) * length) + (shifted / Math.Sqrt(rate));
        return Math.Log2(count);
    }

    /// <summary>Below half the distance a line has at most n exceptional points (ePrint 2020/654, theorem 4.1).</summary>
    public static double UniqueLine(double length) => Math.Log2(length + 1);

    /// <summary>
    /// How many codewords agree with a word on a share α of the points. The larger of two bounds: (m + ½)/√ρ, that of the interpolation behind the
    /// theorem, and (1 − ρ)/(α² − ρ), the combinatorial one, which also holds for the joint list of many words.
    /// </summary>
    public static double JohnsonListSize(double rate, double m)
    {
        var agreement = JohnsonAgreement(rate, m);
        return Math.Max((m + 0.5) / Math.Sqrt(rate), (1 - rate) / ((agreement * agreement) - rate));
    }
}

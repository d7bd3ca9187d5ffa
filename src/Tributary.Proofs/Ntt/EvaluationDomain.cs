using Tributary.Proofs.Fields;

namespace Tributary.Proofs.Ntt;

/// <summary>
/// Where a polynomial of degree below n = 2^<see cref="LogHeight"/> is committed to: the b·n points 3·ωᵉ, with ω of order b·n and b = 2^<see cref="LogBlowup"/>.
/// The points fall into b cosets of the trace domain H; point e lies in coset e mod b at row e div b. 3 is not in any subgroup of
/// two-power order, so the domain and H have no point in common.
/// </summary>
internal sealed record EvaluationDomain(int LogHeight, int LogBlowup)
{
    /// <summary>log2 of the points.</summary>
    public int LogSize => LogHeight + LogBlowup;

    /// <summary>Points.</summary>
    public int Size => 1 << LogSize;

    /// <summary>Rows of the trace.</summary>
    public int Height => 1 << LogHeight;

    /// <summary>Cosets of the trace domain.</summary>
    public int Blowup => 1 << LogBlowup;

    /// <summary>Generates the trace domain H.</summary>
    public KoalaBear TraceGenerator => KoalaBear.TwoAdicGenerator(LogHeight);

    /// <summary>The first point of a coset.</summary>
    public KoalaBear CosetShift(int coset) => KoalaBear.Generator * KoalaBear.TwoAdicGenerator(LogSize).Power((ulong)coset);

    /// <summary>Point <paramref name="exponent"/> of the domain.</summary>
    public KoalaBear Point(int exponent) => CosetShift(exponent);
}

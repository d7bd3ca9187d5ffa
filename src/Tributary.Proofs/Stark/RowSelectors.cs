using Tributary.Proofs.Air;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Memory;
using Tributary.Proofs.Ntt;

namespace Tributary.Proofs.Stark;

/// <summary>
/// The row selectors over one coset. That of the first row is (xⁿ − 1)/(n·(x − 1)), which is 1 at x = 1 and 0 elsewhere on the trace domain; that of
/// the last row is the same polynomial at g·x.
/// </summary>
internal sealed unsafe class RowSelectors : IDisposable
{
    private readonly FieldBuffer? _words;
    private readonly int _length;

    /// <summary>Computes the selectors where the table uses any.</summary>
    public RowSelectors(AirShape shape, EvaluationDomain domain, int coset)
    {
        if (!shape.UsesSelectors)
            return;
        _length = domain.Height + ColumnMatrix.Padding;
        _words = new FieldBuffer(2L * _length);
        var shift = domain.CosetShift(coset);
        Geometric.Fill(Points, _length, shift, domain.TraceGenerator);
        var first = new Span<KoalaBear>(FirstRow, _length);
        var points = new Span<KoalaBear>(Points, _length);
        for (var i = 0; i < _length; i++)
            first[i] = points[i] - KoalaBear.One;
        BatchInversion.InvertInPlace(first);
        var scale = (shift.Power((ulong)domain.Height) - KoalaBear.One) * KoalaBear.InversePowerOfTwo(domain.LogHeight);
        foreach (ref var value in first)
            value *= scale;
    }

    /// <summary>The selector of the first row, and behind the last point again from the first.</summary>
    public uint* FirstRow => _words is null ? null : _words.Words;

    /// <summary>The points of the coset, likewise.</summary>
    public uint* Points => _words is null ? null : _words.Words + _length;

    public void Dispose() => _words?.Dispose();
}

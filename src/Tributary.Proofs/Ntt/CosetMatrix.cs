using Tributary.Proofs.Fields;
using Tributary.Proofs.Memory;

namespace Tributary.Proofs.Ntt;

/// <summary>
/// Columns evaluated over a whole domain, coset after coset, each coset stored as a <see cref="ColumnMatrix"/> is: the quotient reads as many
/// cosets as it needs, and the row after a row stays within its coset.
/// </summary>
internal sealed unsafe class CosetMatrix : IDisposable
{
    private readonly FieldBuffer _buffer;

    public CosetMatrix(int width, EvaluationDomain domain, ProverMemory? memory = null)
    {
        Width = width;
        Domain = domain;
        _buffer = new FieldBuffer(domain.Blowup * width * Stride, memory);
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    public EvaluationDomain Domain { get; }

    /// <summary>Elements from one column to the next within a coset.</summary>
    public nint Stride => Domain.Height + ColumnMatrix.Padding;

    /// <summary>The first column of a coset.</summary>
    public uint* Coset(int coset) => _buffer.Words + (coset * Width * Stride);

    /// <summary>A column over one coset.</summary>
    public uint* Column(int coset, int column) => Coset(coset) + (column * Stride);

    /// <summary>Repeats the first rows of a column behind the last ones.</summary>
    public void WrapRows(int coset, int column)
    {
        var words = Column(coset, column);
        new ReadOnlySpan<uint>(words, ColumnMatrix.Padding).CopyTo(new Span<uint>(words + Domain.Height, ColumnMatrix.Padding));
    }

    /// <summary>Copies the values of all columns at point <paramref name="exponent"/> of the domain.</summary>
    public void CopyRow(int exponent, Span<KoalaBear> row)
    {
        var words = Coset(exponent & (Domain.Blowup - 1)) + (exponent >> Domain.LogBlowup);
        for (var column = 0; column < Width; column++)
            row[column] = KoalaBear.FromWordUnchecked(words[column * Stride]);
    }

    public void Dispose() => _buffer.Dispose();
}

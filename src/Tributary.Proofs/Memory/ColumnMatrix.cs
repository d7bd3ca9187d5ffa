using Tributary.Proofs.Fields;

namespace Tributary.Proofs.Memory;

/// <summary>
/// A table of field elements stored column by column: 2^<see cref="LogHeight"/> rows of <see cref="Width"/> columns. Columns start one cache line
/// apart from a power of two, so that equal rows of many columns do not fall into the same cache set. One owner, who disposes it.
/// </summary>
public sealed unsafe class ColumnMatrix : IDisposable
{
    /// <summary>Elements between the end of a column and the next: one vector, which kernels fill with the first rows again.</summary>
    internal const int Padding = 16;

    /// <summary>The least log2 of rows: one full vector.</summary>
    public const int MinLogHeight = 4;

    private readonly FieldBuffer _buffer;

    /// <summary>A matrix of zeros, in memory of its own or in memory that proofs reuse.</summary>
    public ColumnMatrix(int width, int logHeight, ProverMemory? memory = null)
        : this(width, logHeight, memory, clear: true)
    {
    }

    internal ColumnMatrix(int width, int logHeight, ProverMemory? memory, bool clear)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(width);
        ArgumentOutOfRangeException.ThrowIfLessThan(logHeight, MinLogHeight);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(logHeight, KoalaBear.TwoAdicity);
        Width = width;
        LogHeight = logHeight;
        _buffer = new FieldBuffer((long)width * Stride, memory, clear);
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>log2 of the rows.</summary>
    public int LogHeight { get; }

    /// <summary>Rows.</summary>
    public int Height => 1 << LogHeight;

    /// <summary>Elements from one column to the next.</summary>
    internal nint Stride => Height + Padding;

    internal uint* Words => _buffer.Words;

    /// <summary>The element at a row and a column.</summary>
    public KoalaBear this[int row, int column]
    {
        get => Column(column)[row];
        set => Column(column)[row] = value;
    }

    /// <summary>One column, from the first row to the last.</summary>
    public Span<KoalaBear> Column(int column) => new(ColumnWords(column), Height);

    /// <summary>A copy of one row.</summary>
    public KoalaBear[] Row(int row)
    {
        var values = new KoalaBear[Width];
        for (var column = 0; column < Width; column++)
            values[column] = Column(column)[row];
        return values;
    }

    internal uint* ColumnWords(int column)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(column);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(column, Width);
        return Words + (column * Stride);
    }

    /// <summary>Repeats the first rows behind the last ones, so that the row after the last is read like any other.</summary>
    internal void WrapRows()
    {
        for (var column = 0; column < Width; column++)
        {
            var words = ColumnWords(column);
            new ReadOnlySpan<uint>(words, Padding).CopyTo(new Span<uint>(words + Height, Padding));
        }
    }

    public void Dispose() => _buffer.Dispose();
}

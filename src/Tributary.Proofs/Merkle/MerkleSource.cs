using Tributary.Proofs.Fields;
using Tributary.Proofs.Ntt;

namespace Tributary.Proofs.Merkle;

/// <summary>
/// What the leaves of one height are made of: for each coset the addresses of the columns whose values, row by row, are joined. The memory stays
/// that of the matrices.
/// </summary>
internal sealed unsafe class MerkleSource
{
    private readonly nint[][] _columns;

    public MerkleSource(int logSize, int logBlowup, nint[][] columns)
    {
        LogSize = logSize;
        LogBlowup = logBlowup;
        _columns = columns;
    }

    /// <summary>log2 of the rows over all cosets.</summary>
    public int LogSize { get; }

    public int LogBlowup { get; }

    /// <summary>Values in a row.</summary>
    public int Width => _columns[0].Length;

    /// <summary>One source for each height among the matrices, tallest first.</summary>
    public static MerkleSource[] Group(IEnumerable<CosetMatrix> matrices) =>
    [
        .. matrices.GroupBy(matrix => matrix.Domain).OrderByDescending(group => group.Key.LogSize).Select(group =>
        {
            var columns = new nint[group.Key.Blowup][];
            for (var coset = 0; coset < columns.Length; coset++)
                columns[coset] = [.. group.SelectMany(matrix => Enumerable.Range(0, matrix.Width).Select(column => (nint)matrix.Column(coset, column)))];
            return new MerkleSource(group.Key.LogSize, group.Key.LogBlowup, columns);
        }),
    ];

    /// <summary>The addresses of the columns over one coset.</summary>
    public nint[] Columns(int coset) => _columns[coset];

    /// <summary>Copies the row at point <paramref name="exponent"/> of the domain.</summary>
    public void CopyRow(int exponent, Span<KoalaBear> row)
    {
        var columns = _columns[exponent & ((1 << LogBlowup) - 1)];
        var offset = exponent >> LogBlowup;
        for (var i = 0; i < columns.Length; i++)
            row[i] = KoalaBear.FromWordUnchecked(((uint*)columns[i])[offset]);
    }
}

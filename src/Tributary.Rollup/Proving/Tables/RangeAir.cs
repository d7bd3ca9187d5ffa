using Tributary.Proofs.Air;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Memory;

namespace Tributary.Rollup.Proving.Tables;

/// <summary>The integers below 2¹⁶, and how often each is asked for.</summary>
internal sealed class RangeAir : IAir
{
    public const int LogHeight = 16;

    public string Name => "range";

    public int Width => 1;

    public int PreprocessedWidth => 1;

    public ColumnMatrix BuildPreprocessed()
    {
        var matrix = new ColumnMatrix(1, LogHeight);
        var column = matrix.Column(0);
        for (var row = 0; row < column.Length; row++)
            column[row] = row;
        return matrix;
    }

    public void Evaluate<TBuilder, T>(ref TBuilder air)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T> =>
        air.Receive(RollupBuses.Range, air.Main(0), [air.Preprocessed(0)]);
}

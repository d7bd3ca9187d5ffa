using Tributary.Proofs.Fields;
using Tributary.Proofs.Memory;

namespace Tributary.Proofs.Air;

/// <summary>
/// An algebraic intermediate representation: what holds between the cells of a table. One method states it, over any algebra; the prover runs it on
/// vectors of rows, the verifier on one point of the extension, the analysis on symbols.
/// </summary>
public interface IAir
{
    /// <summary>For people, and part of the verifying key.</summary>
    string Name { get; }

    /// <summary>Columns that the prover fills.</summary>
    int Width { get; }

    /// <summary>Columns that the verifying key fixes.</summary>
    int PreprocessedWidth => 0;

    /// <summary>Public values.</summary>
    int PublicCount => 0;

    /// <summary>The fixed columns, which also fix the height; null where there are none. The caller disposes the result.</summary>
    ColumnMatrix? BuildPreprocessed() => null;

    /// <summary>States the constraints and the messages of one row. It must do the same for every algebra: no branch on a value.</summary>
    void Evaluate<TBuilder, T>(ref TBuilder air)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T>;
}

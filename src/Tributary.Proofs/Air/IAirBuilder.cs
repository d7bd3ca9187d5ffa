using Tributary.Proofs.Fields;

namespace Tributary.Proofs.Air;

/// <summary>
/// What an AIR sees of a table while it states its constraints at one row (or, for the verifier, at one point; or, for the analysis, symbolically).
/// The row after the last is the first.
/// </summary>
public interface IAirBuilder<T>
    where T : struct, IAlgebra<T>
{
    /// <summary>1 on the first row, 0 on the others; degree 1.</summary>
    T IsFirstRow { get; }

    /// <summary>1 on the last row, 0 on the others; degree 1.</summary>
    T IsLastRow { get; }

    /// <summary>
    /// 0 on the last row, not 0 (nor 1) on the others; a factor for constraints between a row and the next, at most once in a product and never in
    /// an interaction. It adds nothing to the degree.
    /// </summary>
    T IsTransition { get; }

    /// <summary>A cell of this row.</summary>
    T Main(int column);

    /// <summary>A cell of the next row.</summary>
    T Next(int column);

    /// <summary>A cell of this row that the verifying key fixes.</summary>
    T Preprocessed(int column);

    /// <summary>A cell of the next row that the verifying key fixes.</summary>
    T PreprocessedNext(int column);

    /// <summary>A public value of this table.</summary>
    T Public(int index);

    /// <summary>The value is zero on every row.</summary>
    void AssertZero(T value);

    /// <summary>Puts a message on a bus <paramref name="multiplicity"/> times.</summary>
    void Send(Bus bus, T multiplicity, scoped ReadOnlySpan<T> message);

    /// <summary>Takes a message off a bus <paramref name="multiplicity"/> times.</summary>
    void Receive(Bus bus, T multiplicity, scoped ReadOnlySpan<T> message);
}

using Tributary.Proofs.Air;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Memory;
using Tributary.Proofs.Ntt;

namespace Tributary.Proofs.Stark;

/// <summary>
/// The quotient of one table: Σ αⁱ·Cᵢ divided by xⁿ − 1. On a coset tH the divisor is the constant tⁿ − 1, so it goes into the weights αⁱ. A quotient
/// of degree below k·n is determined by its values on k cosets: with Q = Σ x^(jn)·Qⱼ, each coset gives the combination Σ (tⁿ)^j·Qⱼ of the chunks.
/// </summary>
internal static unsafe class QuotientStage<T>
    where T : unmanaged, IPackedField<T>
{
    private const int PieceRows = 512;

    /// <summary>The bit-reversed coefficients of the chunks, five columns each.</summary>
    public static ColumnMatrix Build(
        AirShape shape,
        CosetMatrix main,
        CosetMatrix? preprocessed,
        CosetMatrix? lookup,
        uint* publics,
        LookupColumns lookupColumns,
        Extension alpha,
        TransformTables tables,
        Workers workers)
    {
        var domain = tables.Domain;
        var chunks = shape.QuotientChunks;
        var values = new ColumnMatrix[chunks];
        for (var coset = 0; coset < chunks; coset++)
        {
            values[coset] = EvaluateCoset(shape, main, preprocessed, lookup, publics, lookupColumns, alpha, domain, coset, workers);
            LowDegreeExtension.InterpolateInPlace<T>(values[coset], coset, tables, workers);
        }

        var result = Separate(values, domain, workers);
        foreach (var matrix in values)
            matrix.Dispose();
        return result;
    }

    private static ColumnMatrix EvaluateCoset(
        AirShape shape,
        CosetMatrix main,
        CosetMatrix? preprocessed,
        CosetMatrix? lookup,
        uint* publics,
        LookupColumns lookupColumns,
        Extension alpha,
        EvaluationDomain domain,
        int coset,
        Workers workers)
    {
        using var selectors = new RowSelectors(shape, domain, coset);
        var view = new TableView
        {
            Main = main.Coset(coset),
            MainStride = main.Stride,
            Preprocessed = preprocessed is null ? null : preprocessed.Coset(coset),
            PreprocessedStride = preprocessed?.Stride ?? 0,
            Lookup = lookup is null ? null : lookup.Coset(coset),
            LookupStride = lookup?.Stride ?? 0,
            FirstRow = selectors.FirstRow,
            Points = selectors.Points,
            LastPoint = domain.TraceGenerator.Inverse(),
            Publics = publics,
        };
        var count = shape.Constraints.Count + shape.LookupWidth;
        using var weights = Weights(shape, alpha, domain, coset);
        using var memory = new FieldBuffer((long)(count + 1) * T.Width * workers.Count);
        var weightWords = weights.Words;
        var constraintWords = memory.Words;
        var result = new ColumnMatrix(Extension.Degree, domain.LogHeight, workers.Memory, clear: false);
        var rows = Math.Min(PieceRows, domain.Height);
        workers.For(domain.Height / rows, (worker, piece) =>
        {
            var constraints = (T*)(constraintWords + ((long)(count + 1) * T.Width * worker));
            var sums = stackalloc T[Extension.Degree];
            for (var row = piece * rows; row < (piece + 1) * rows; row += T.Width)
            {
                var builder = new QuotientBuilder<T>(view, lookupColumns, row, constraints, shape.Constraints.Count);
                shape.Air.Evaluate<QuotientBuilder<T>, T>(ref builder);
                for (var k = 0; k < Extension.Degree; k++)
                    sums[k] = T.Zero;
                T.AccumulateWeighted((uint*)constraints, T.Width, count, weightWords, sums);
                for (var k = 0; k < Extension.Degree; k++)
                    T.Store(result.ColumnWords(k) + row, sums[k]);
            }
        });
        return result;
    }

    /// <summary>αⁱ/(tⁿ − 1) for the table's constraints; for those of the lookup argument, which lie in the extension, that times 1, X, …, X⁴.</summary>
    private static FieldBuffer Weights(AirShape shape, Extension alpha, EvaluationDomain domain, int coset)
    {
        var buffer = new FieldBuffer((shape.Constraints.Count + shape.LookupWidth + 1) * Extension.Degree);
        var divisor = domain.CosetShift(coset).Power((ulong)domain.Height) - KoalaBear.One;
        var power = new Extension(divisor.Inverse());
        var words = buffer.Words;
        for (var i = 0; i < shape.TotalConstraints; i++)
        {
            var weight = power;
            for (var k = 0; k < (i < shape.Constraints.Count ? 1 : Extension.Degree); k++)
            {
                BatchInversion.StoreOne(words, 1, weight);
                words += Extension.Degree;
                weight *= Extension.X;
            }

            power *= alpha;
        }

        return buffer;
    }

    /// <summary>Solves Rᵢ = Σ (tᵢⁿ)^j·Qⱼ for the chunks, coefficient by coefficient.</summary>
    private static ColumnMatrix Separate(ColumnMatrix[] combinations, EvaluationDomain domain, Workers workers)
    {
        var chunks = combinations.Length;
        var nodes = Enumerable.Range(0, chunks).Select(coset => domain.CosetShift(coset).Power((ulong)domain.Height)).ToArray();
        var inverse = Vandermonde.Inverse(nodes);
        var result = new ColumnMatrix(chunks * Extension.Degree, domain.LogHeight, workers.Memory, clear: false);
        workers.For(result.Width, (_, column) =>
        {
            var (chunk, coordinate) = Math.DivRem(column, Extension.Degree);
            var target = result.ColumnWords(column);
            for (var row = 0; row < domain.Height; row += T.Width)
            {
                var sum = T.Zero;
                for (var i = 0; i < chunks; i++)
                    sum += T.Load(combinations[i].ColumnWords(coordinate) + row) * T.FromBase(inverse[chunk, i]);
                T.Store(target + row, sum);
            }
        });
        return result;
    }
}

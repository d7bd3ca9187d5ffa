using Tributary.Proofs.Fields;
using Tributary.Proofs.Memory;
using Tributary.Proofs.Ntt;

namespace Tributary.Proofs.Stark;

/// <summary>
/// Everything of one height around the out-of-domain point. Values at ζ come by the barycentric formula from one coset; at g·ζ they are the same sums
/// over the next rows. The DEEP quotient Σ αᵏ(fₖ(x) − yₖ)/(x − zₖ) has degree below n, so it is computed on that coset alone and extended from there.
/// </summary>
internal sealed unsafe class OpeningStage<T> : IDisposable
    where T : unmanaged, IPackedField<T>
{
    private const int PieceRows = 512;

    private readonly TransformTables _tables;
    private readonly EvaluationDomain _domain;
    private readonly Workers _workers;
    private readonly Extension _point;
    private readonly FieldBuffer _inverses;
    private readonly nint _stride;

    public OpeningStage(TransformTables tables, Extension point, Workers workers)
    {
        (_tables, _domain, _workers, _point) = (tables, tables.Domain, workers, point);
        _stride = _domain.Height + (2 * ColumnMatrix.Padding);
        _inverses = new FieldBuffer(Extension.Degree * _stride, workers.Memory);
        FillInverses();
    }

    /// <summary>1/(xᵢ − ζ) on the first coset, five planes; place −1 holds the last one.</summary>
    private uint* Inverses => _inverses.Words + ColumnMatrix.Padding;

    /// <summary>The values of a matrix at ζ, and of its columns <paramref name="nextColumns"/> at g·ζ.</summary>
    public void Evaluate(CosetMatrix matrix, IReadOnlyList<int> nextColumns, Span<Extension> atPoint, Span<Extension> atNext)
    {
        using var weights = BarycentricWeights();
        var height = _domain.Height;
        var results = new Extension[atPoint.Length + atNext.Length];
        var planes = weights.Words;
        _workers.For(results.Length, (_, item) =>
        {
            var next = item >= matrix.Width;
            var column = matrix.Column(0, next ? nextColumns[item - matrix.Width] : item) + (next ? 1 : 0);
            var sums = stackalloc T[Extension.Degree];
            for (var k = 0; k < Extension.Degree; k++)
                sums[k] = T.Zero;
            T.AccumulateInner(column, height >> T.LogWidth, planes, height, sums);
            results[item] = SumLanes(sums);
        });

        var shiftPower = new Extension(_domain.CosetShift(0).Power((ulong)height));
        var scale = (shiftPower - _point.PowerOfTwo(_domain.LogHeight)) * (shiftPower.C0.Inverse() * KoalaBear.InversePowerOfTwo(_domain.LogHeight));
        foreach (ref var value in results.AsSpan())
            value *= scale;
        results.AsSpan(0, atPoint.Length).CopyTo(atPoint);
        results.AsSpan(atPoint.Length).CopyTo(atNext);
    }

    /// <summary>
    /// The DEEP quotient of all matrices of this height over the whole domain. Opening k has the value <paramref name="openings"/>[k] and the weight
    /// <paramref name="weights"/>[k].
    /// </summary>
    public CosetMatrix DeepQuotient(
        IReadOnlyList<(CommittedMatrix Place, CosetMatrix Matrix)> matrices,
        Extension[] openings,
        Extension[] weights,
        Action<int, ColumnMatrix>? change)
    {
        using var weightWords = new FieldBuffer((long)Extension.Degree * (weights.Length + 1));
        for (var k = 0; k < weights.Length; k++)
            BatchInversion.StoreOne(weightWords.Words + (k * Extension.Degree), 1, weights[k]);
        Extension atPoint = Extension.Zero, atNext = Extension.Zero;
        foreach (var (place, _) in matrices)
        {
            for (var k = place.FirstOpening; k < place.FirstNextOpening; k++)
                atPoint += weights[k] * openings[k];
            for (var k = place.FirstNextOpening; k < place.FirstOpening + place.Openings; k++)
                atNext += weights[k] * openings[k];
        }

        using var quotient = new ColumnMatrix(Extension.Degree, _domain.LogHeight, _workers.Memory, clear: false);
        var rows = Math.Min(PieceRows, _domain.Height);
        var allWeights = weightWords.Words;
        _workers.For(_domain.Height / rows, (_, piece) =>
        {
            for (var row = piece * rows; row < (piece + 1) * rows; row += T.Width)
                BatchInversion.Store(quotient.ColumnWords(0) + row, quotient.Stride, DeepQuotientAt(matrices, allWeights, atPoint, atNext, row));
        });
        LowDegreeExtension.InterpolateInPlace<T>(quotient, 0, _tables, _workers);
        change?.Invoke(_domain.LogHeight, quotient);
        return LowDegreeExtension.ExtendCoefficients<T>(quotient, _tables, _workers);
    }

    public void Dispose() => _inverses.Dispose();

    private Quintic<T> DeepQuotientAt(
        IReadOnlyList<(CommittedMatrix Place, CosetMatrix Matrix)> matrices,
        uint* weights,
        Extension atPoint,
        Extension atNext,
        int row)
    {
        var sums = stackalloc T[Extension.Degree];
        var nextSums = stackalloc T[Extension.Degree];
        for (var k = 0; k < Extension.Degree; k++)
        {
            sums[k] = T.FromBase(-atPoint[k]);
            nextSums[k] = T.FromBase(-atNext[k]);
        }

        foreach (var (place, matrix) in matrices)
        {
            T.AccumulateWeighted(matrix.Coset(0) + row, matrix.Stride, matrix.Width, weights + (place.FirstOpening * Extension.Degree), sums);
            for (var i = 0; i < place.NextColumns.Count;)
            {
                var run = 1;
                while (i + run < place.NextColumns.Count && place.NextColumns[i + run] == place.NextColumns[i] + run)
                    run++;
                T.AccumulateWeighted(
                    matrix.Column(0, place.NextColumns[i]) + row,
                    matrix.Stride,
                    run,
                    weights + ((place.FirstNextOpening + i) * Extension.Degree),
                    nextSums);
                i += run;
            }
        }

        // 1/(xᵢ − g·ζ) = g⁻¹/(xᵢ₋₁ − ζ)
        var inverse = BatchInversion.Load<T>(Inverses + row, _stride);
        var nextInverse = BatchInversion.Load<T>(Inverses + row - 1, _stride) * T.FromBase(_domain.TraceGenerator.Inverse());
        return (new Quintic<T>(sums[0], sums[1], sums[2], sums[3], sums[4]) * inverse)
            + (new Quintic<T>(nextSums[0], nextSums[1], nextSums[2], nextSums[3], nextSums[4]) * nextInverse);
    }

    private void FillInverses()
    {
        var height = _domain.Height;
        var planes = Inverses;
        Geometric.Fill(planes, height, _domain.CosetShift(0), _domain.TraceGenerator);
        for (var row = 0; row < height; row += T.Width)
        {
            var point = T.Load(planes + row);
            BatchInversion.Store(
                planes + row,
                _stride,
                new Quintic<T>(point - T.FromBase(_point.C0), T.FromBase(-_point.C1), T.FromBase(-_point.C2), T.FromBase(-_point.C3), T.FromBase(-_point.C4)));
        }

        // One piece of work for each block of rows: every lane of every block runs its own chain of products.
        var rows = Math.Min(8 * PieceRows, height);
        using var scratch = new FieldBuffer((long)Extension.Degree * rows * _workers.Count);
        var words = scratch.Words;
        _workers.For(height / rows, (worker, piece) =>
            BatchInversion.InvertPlanes<T>(planes + (piece * rows), _stride, rows, words + ((long)worker * Extension.Degree * rows), rows));
        for (var k = 0; k < Extension.Degree; k++)
            planes[(k * _stride) - 1] = planes[(k * _stride) + height - 1];
    }

    /// <summary>xᵢ/(xᵢ − ζ), five planes.</summary>
    private FieldBuffer BarycentricWeights()
    {
        var height = _domain.Height;
        var result = new FieldBuffer((long)Extension.Degree * height, _workers.Memory);
        using var points = new FieldBuffer(height, _workers.Memory);
        Geometric.Fill(points.Words, height, _domain.CosetShift(0), _domain.TraceGenerator);
        for (var row = 0; row < height; row += T.Width)
            BatchInversion.Store(result.Words + row, height, BatchInversion.Load<T>(Inverses + row, _stride) * T.Load(points.Words + row));
        return result;
    }

    private static Extension SumLanes(T* sums)
    {
        var words = stackalloc uint[T.Width];
        var result = stackalloc uint[Extension.Degree];
        for (var k = 0; k < Extension.Degree; k++)
        {
            T.Store(words, sums[k]);
            var sum = KoalaBear.Zero;
            for (var lane = 0; lane < T.Width; lane++)
                sum += KoalaBear.FromWordUnchecked(words[lane]);
            result[k] = sum.Word;
        }

        return BatchInversion.LoadOne(result, 1);
    }
}

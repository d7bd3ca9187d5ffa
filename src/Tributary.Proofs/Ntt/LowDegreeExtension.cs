using Tributary.Proofs.Fields;
using Tributary.Proofs.Memory;

namespace Tributary.Proofs.Ntt;

/// <summary>Takes columns from the trace domain to the evaluation domain, a column at a time so that its transforms stay in cache.</summary>
internal static unsafe class LowDegreeExtension
{
    /// <summary>The columns of <paramref name="trace"/>, values on H, over every coset of the domain.</summary>
    public static CosetMatrix Extend<T>(ColumnMatrix trace, TransformTables tables, Workers workers)
        where T : unmanaged, IPackedField<T>
    {
        var domain = tables.Domain;
        var result = new CosetMatrix(trace.Width, domain, workers.Memory);
        WithScratch<T>(domain.LogHeight, workers, trace.Width, (column, coefficients, scratch) =>
        {
            Inverse<T>(trace.ColumnWords(column), coefficients, domain.LogHeight, tables.TraceInverse, scratch);
            Spread<T>(coefficients, result, column, tables, scratch);
        });
        return result;
    }

    /// <summary>Columns given by their bit-reversed coefficients, over every coset of the domain.</summary>
    public static CosetMatrix ExtendCoefficients<T>(ColumnMatrix coefficients, TransformTables tables, Workers workers)
        where T : unmanaged, IPackedField<T>
    {
        var result = new CosetMatrix(coefficients.Width, tables.Domain, workers.Memory);
        WithScratch<T>(tables.Domain.LogHeight, workers, coefficients.Width, (column, _, scratch) =>
            Spread<T>(coefficients.ColumnWords(column), result, column, tables, scratch));
        return result;
    }

    /// <summary>Replaces every column, values on one coset of the domain, by its bit-reversed coefficients.</summary>
    public static void InterpolateInPlace<T>(ColumnMatrix values, int coset, TransformTables tables, Workers workers)
        where T : unmanaged, IPackedField<T>
    {
        var twiddles = tables.Inverse(coset);
        WithScratch<T>(values.LogHeight, workers, values.Width, (column, _, scratch) =>
            Inverse<T>(values.ColumnWords(column), values.ColumnWords(column), values.LogHeight, twiddles, scratch));
    }

    /// <summary>One inverse transform on the packing, or on scalars where it is too small for it.</summary>
    public static void Inverse<T>(uint* values, uint* coefficients, int logSize, Twiddles inverse, uint* scratch)
        where T : unmanaged, IPackedField<T>
    {
        if (NttKernel<T>.Fits(logSize))
            NttKernel<T>.Inverse(values, coefficients, logSize, inverse.Words, scratch);
        else
            NttKernel<PackedScalar>.Inverse(values, coefficients, logSize, inverse.Words, scratch);
    }

    /// <summary>One forward transform on the packing, or on scalars where it is too small for it.</summary>
    public static void Forward<T>(uint* coefficients, uint* values, int logSize, Twiddles forward, uint* scratch)
        where T : unmanaged, IPackedField<T>
    {
        if (NttKernel<T>.Fits(logSize))
            NttKernel<T>.Forward(coefficients, values, logSize, forward.Words, scratch);
        else
            NttKernel<PackedScalar>.Forward(coefficients, values, logSize, forward.Words, scratch);
    }

    private static void Spread<T>(uint* coefficients, CosetMatrix result, int column, TransformTables tables, uint* scratch)
        where T : unmanaged, IPackedField<T>
    {
        for (var coset = 0; coset < result.Domain.Blowup; coset++)
        {
            Forward<T>(coefficients, result.Column(coset, column), result.Domain.LogHeight, tables.Forward(coset), scratch);
            result.WrapRows(coset, column);
        }
    }

    private delegate void ColumnAction(int column, uint* coefficients, uint* scratch);

    private static void WithScratch<T>(int logSize, Workers workers, int columns, ColumnAction action)
        where T : unmanaged, IPackedField<T>
    {
        var coefficientLength = 1L << logSize;
        var each = coefficientLength + NttKernel<T>.ScratchLength(logSize) + ColumnMatrix.Padding;
        using var memory = new FieldBuffer(each * workers.Count, workers.Memory);
        var words = memory.Words;
        workers.For(columns, (worker, column) =>
        {
            var own = words + (worker * each);
            action(column, own, own + coefficientLength);
        });
    }
}

using Tributary.Proofs.Air;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Memory;

namespace Tributary.Proofs.Stark;

/// <summary>
/// Fills the columns of the lookup argument of one table: for every batch of messages but the last the sum of its fractions, and in the last column
/// the running sum of all fractions less an equal share of their total, so that it returns to where it began.
/// </summary>
internal static unsafe class LookupStage<T>
    where T : unmanaged, IPackedField<T>
{
    private const int PieceRows = 512;

    /// <summary>The columns, and the total of the table's fractions.</summary>
    public static ColumnMatrix Build(
        AirShape shape,
        ColumnMatrix main,
        ColumnMatrix? preprocessed,
        uint* publics,
        LookupChallenges challenges,
        Workers workers,
        out Extension total)
    {
        using var memory = new LookupMemory(shape, challenges, Extension.Zero);
        using var firstRow = new FieldBuffer(main.Height + ColumnMatrix.Padding, workers.Memory, clear: true);
        firstRow.Words[0] = firstRow.Words[main.Height] = KoalaBear.One.Word;
        var view = new TableView
        {
            Main = main.Words,
            MainStride = main.Stride,
            Preprocessed = preprocessed is null ? null : preprocessed.Words,
            PreprocessedStride = preprocessed?.Stride ?? 0,
            FirstRow = firstRow.Words,
            Publics = publics,
        };
        var lookup = memory.Columns;
        var result = new ColumnMatrix(shape.LookupWidth, main.LogHeight, workers.Memory, clear: false);
        var rows = Math.Min(PieceRows, main.Height);
        var each = (2 * Extension.Degree * (long)shape.Batches.Count * rows) + (Extension.Degree * rows);
        using var scratch = new FieldBuffer(each * workers.Count, workers.Memory);
        var words = scratch.Words;
        workers.For(main.Height / rows, (worker, piece) =>
            FillPiece(shape, view, lookup, result, piece * rows, rows, words + (worker * each)));
        total = RunningSum(result);
        return result;
    }

    private static void FillPiece(AirShape shape, TableView view, LookupColumns lookup, ColumnMatrix result, int start, int rows, uint* scratch)
    {
        var batches = shape.Batches.Count;
        var inversion = scratch + (2 * Extension.Degree * batches * (nint)rows);
        for (var row = 0; row < rows; row += T.Width)
        {
            var builder = new FractionBuilder<T>(view, lookup, start + row, scratch + row, rows);
            shape.Air.Evaluate<FractionBuilder<T>, T>(ref builder);
        }

        for (var batch = 0; batch < batches; batch++)
        {
            var numerator = scratch + (2 * Extension.Degree * batch * (nint)rows);
            var denominator = numerator + (Extension.Degree * rows);
            var column = result.ColumnWords(Extension.Degree * batch) + start;
            BatchInversion.InvertPlanes<T>(denominator, rows, rows, inversion, rows);
            for (var row = 0; row < rows; row += T.Width)
            {
                var fraction = BatchInversion.Load<T>(numerator + row, rows) * BatchInversion.Load<T>(denominator + row, rows);
                if (batch == batches - 1)
                {
                    for (var other = 0; other < batch; other++)
                        fraction += BatchInversion.Load<T>(result.ColumnWords(Extension.Degree * other) + start + row, result.Stride);
                }

                BatchInversion.Store(column + row, result.Stride, fraction);
            }
        }
    }

    /// <summary>Turns the last five columns from the sums of the rows into the running sum, and returns the total.</summary>
    private static Extension RunningSum(ColumnMatrix matrix)
    {
        var first = matrix.ColumnWords(matrix.Width - Extension.Degree);
        var total = Extension.Zero;
        for (var row = 0; row < matrix.Height; row++)
            total += BatchInversion.LoadOne(first + row, matrix.Stride);
        var share = total * KoalaBear.InversePowerOfTwo(matrix.LogHeight);
        var sum = Extension.Zero;
        for (var row = 0; row < matrix.Height; row++)
        {
            var step = BatchInversion.LoadOne(first + row, matrix.Stride) - share;
            BatchInversion.StoreOne(first + row, matrix.Stride, sum);
            sum += step;
        }

        return total;
    }
}

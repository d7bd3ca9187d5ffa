using Tributary.Proofs.Fields;

namespace Tributary.Proofs.Poseidon2;

/// <summary>
/// The compression function of trees and chains: truncated P(x) + x, of many inputs at once. It is <see cref="Poseidon2Permutation.Compress"/> on
/// each row, as many side by side as the packing has lanes.
/// </summary>
public static unsafe class Poseidon2Compression
{
    private const int MaxWidth = 24;

    /// <summary>
    /// Compresses row after row of <paramref name="inputs"/>, each as long as the width, to the rows of <paramref name="outputs"/>, each of
    /// <paramref name="outputLength"/> elements, at most half the width. The two do not overlap.
    /// </summary>
    public static void CompressRows(Poseidon2Parameters parameters, ReadOnlySpan<KoalaBear> inputs, Span<KoalaBear> outputs, int outputLength) =>
        CompressRows(parameters, inputs, outputs, outputLength, Packings.Best);

    /// <summary>As the other overload, on a chosen packing.</summary>
    internal static void CompressRows(Poseidon2Parameters parameters, ReadOnlySpan<KoalaBear> inputs, Span<KoalaBear> outputs, int outputLength, Packing packing)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputLength, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(outputLength, parameters.Width / 2);
        var (rows, rest) = Math.DivRem(inputs.Length, parameters.Width);
        if (rest != 0 || outputs.Length != rows * outputLength)
            throw new ArgumentException("The outputs are not one row for each row of the inputs.", nameof(outputs));
        var lanes = packing switch
        {
            Packing.Vector512 => PackedField512.Width,
            Packing.Vector256 => PackedField256.Width,
            _ => 1,
        };
        var whole = rows / lanes * lanes;
        fixed (KoalaBear* source = inputs, target = outputs)
        {
            switch (packing)
            {
                case Packing.Vector512:
                    Run<PackedField512>(parameters, (uint*)source, whole, (uint*)target, outputLength);
                    break;
                case Packing.Vector256:
                    Run<PackedField256>(parameters, (uint*)source, whole, (uint*)target, outputLength);
                    break;
                default:
                    Run<PackedScalar>(parameters, (uint*)source, whole, (uint*)target, outputLength);
                    break;
            }
        }

        if (whole == rows)
            return;

        // The last rows share one more pass with rows of zeros.
        Span<KoalaBear> lastInputs = stackalloc KoalaBear[PackedField512.Width * MaxWidth];
        Span<KoalaBear> lastOutputs = stackalloc KoalaBear[PackedField512.Width * MaxWidth];
        lastInputs = lastInputs[..(lanes * parameters.Width)];
        lastOutputs = lastOutputs[..(lanes * outputLength)];
        inputs[(whole * parameters.Width)..].CopyTo(lastInputs);
        CompressRows(parameters, lastInputs, lastOutputs, outputLength, packing);
        lastOutputs[..((rows - whole) * outputLength)].CopyTo(outputs[(whole * outputLength)..]);
    }

    private static void Run<T>(Poseidon2Parameters parameters, uint* source, int rows, uint* target, int outputLength)
        where T : unmanaged, IPackedField<T>
    {
        var width = parameters.Width;
        var square = stackalloc T[T.Width];
        var state = stackalloc T[MaxWidth];
        var forward = stackalloc T[MaxWidth / 2];
        var words = stackalloc uint[T.Width];
        for (var row = 0; row < rows; row += T.Width)
        {
            // Blocks of the rows, turned so that a lane holds a row; the last block reaches back where the width is no multiple of the lanes.
            for (var column = 0; column < width; column += T.Width)
            {
                var start = Math.Min(column, width - T.Width);
                for (var lane = 0; lane < T.Width; lane++)
                    square[lane] = T.Load(source + ((row + lane) * (nint)width) + start);
                T.Transpose(square);
                for (var i = 0; i < T.Width; i++)
                    state[start + i] = square[i];
            }

            for (var i = 0; i < outputLength; i++)
                forward[i] = state[i];
            Poseidon2Permutation.Run(parameters, new Span<T>(state, width));
            for (var column = 0; column < outputLength; column += T.Width)
            {
                for (var i = 0; i < T.Width; i++)
                    square[i] = column + i < outputLength ? state[column + i] + forward[column + i] : T.Zero;
                T.Transpose(square);
                var length = Math.Min(T.Width, outputLength - column);
                for (var lane = 0; lane < T.Width; lane++)
                {
                    T.Store(words, square[lane]);
                    new ReadOnlySpan<uint>(words, length).CopyTo(new Span<uint>(target + ((row + lane) * (nint)outputLength) + column, length));
                }
            }
        }
    }
}

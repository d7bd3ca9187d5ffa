using Tributary.Proofs.Fields;
using Tributary.Proofs.Memory;
using Tributary.Proofs.Poseidon2;

namespace Tributary.Proofs.Tables;

/// <summary>Fills the columns of <see cref="Poseidon2Air"/>, as many rows at a time as the packing has lanes.</summary>
public static unsafe class Poseidon2Trace
{
    /// <summary>
    /// Fills the columns from <paramref name="column"/> + width on for every row, from the inputs that already stand in the columns before them.
    /// </summary>
    public static void Fill(Poseidon2Parameters parameters, ColumnMatrix trace, int column = 0, int threads = 1) =>
        Fill(parameters, trace, column, threads, Packings.Best);

    /// <summary>As the other overload, on a chosen packing.</summary>
    internal static void Fill(Poseidon2Parameters parameters, ColumnMatrix trace, int column, int threads, Packing packing)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(trace);
        ArgumentOutOfRangeException.ThrowIfNegative(column);
        if (column + Poseidon2Air.WidthOf(parameters) > trace.Width)
            throw new ArgumentException("The trace is too narrow.", nameof(trace));
        const int rows = 256;
        var pieces = Math.Max(1, trace.Height / rows);
        new Workers(threads).For(pieces, (_, piece) =>
        {
            var (start, end) = (piece * rows, Math.Min(trace.Height, (piece + 1) * rows));
            switch (packing)
            {
                case Packing.Vector512:
                    FillRows<PackedField512>(parameters, trace, column, start, end);
                    break;
                case Packing.Vector256:
                    FillRows<PackedField256>(parameters, trace, column, start, end);
                    break;
                default:
                    FillRows<PackedScalar>(parameters, trace, column, start, end);
                    break;
            }
        });
    }

    private static void FillRows<T>(Poseidon2Parameters parameters, ColumnMatrix trace, int column, int start, int end)
        where T : unmanaged, IPackedField<T>
    {
        Span<T> state = stackalloc T[24];
        state = state[..parameters.Width];
        for (var row = start; row < end; row += T.Width)
        {
            var cell = trace.ColumnWords(column) + row;
            foreach (ref var value in state)
            {
                value = T.Load(cell);
                cell += trace.Stride;
            }

            Poseidon2Layers.ExternalLinear(state);
            for (var round = 0; round < Poseidon2Parameters.HalfFullRounds; round++)
                cell = FullRound(state, parameters.InitialFull(round), cell, trace.Stride);
            foreach (var constant in parameters.Partial)
            {
                state[0] = T.CubeOfSum(state[0], constant);
                T.Store(cell, state[0]);
                cell += trace.Stride;
                Poseidon2Layers.InternalLinear(state);
            }

            for (var round = 0; round < Poseidon2Parameters.HalfFullRounds; round++)
                cell = FullRound(state, parameters.FinalFull(round), cell, trace.Stride);
        }
    }

    private static uint* FullRound<T>(Span<T> state, ReadOnlySpan<KoalaBear> constants, uint* cell, nint stride)
        where T : unmanaged, IPackedField<T>
    {
        Poseidon2Layers.FullSBox(state, constants);
        Poseidon2Layers.ExternalLinear(state);
        foreach (var value in state)
        {
            T.Store(cell, value);
            cell += stride;
        }

        return cell;
    }
}

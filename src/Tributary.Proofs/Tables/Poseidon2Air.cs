using System.Runtime.CompilerServices;
using Tributary.Proofs.Air;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Poseidon2;

namespace Tributary.Proofs.Tables;

/// <summary>
/// One Poseidon2 permutation in each row. After every S-box layer a cell is committed for each S-box, so that every constraint has the degree of one
/// S-box, three: the row holds the input, the states after the first four full rounds, one cell for each partial round, and the states after the last
/// four full rounds, of which the last is the output.
/// </summary>
public sealed class Poseidon2Air(Poseidon2Parameters parameters) : IAir
{
    public string Name => $"poseidon2-{parameters.Width}";

    /// <summary>The permutation's instance.</summary>
    public Poseidon2Parameters Parameters => parameters;

    public int Width => WidthOf(parameters);

    /// <summary>Where the output starts.</summary>
    public int OutputColumn => Width - parameters.Width;

    /// <summary>Columns of one permutation.</summary>
    public static int WidthOf(Poseidon2Parameters parameters) =>
        (parameters.Width * (1 + (2 * Poseidon2Parameters.HalfFullRounds))) + parameters.PartialRounds;

    public void Evaluate<TBuilder, T>(ref TBuilder air)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T> =>
        Constrain<TBuilder, T>(parameters, ref air, 0);

    /// <summary>States that the columns from <paramref name="column"/> on hold a permutation: for tables that do more with it.</summary>
    public static void Constrain<TBuilder, T>(Poseidon2Parameters parameters, ref TBuilder air, int column)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T>
    {
        var cells = default(Poseidon2State<T>);
        var state = cells[..parameters.Width];
        for (var i = 0; i < state.Length; i++)
            state[i] = air.Main(column++);

        Poseidon2Layers.ExternalLinear(state);
        for (var round = 0; round < Poseidon2Parameters.HalfFullRounds; round++)
            FullRound(ref air, state, parameters.InitialFull(round), ref column);
        foreach (var constant in parameters.Partial)
            PartialRound(ref air, state, constant, ref column);
        for (var round = 0; round < Poseidon2Parameters.HalfFullRounds; round++)
            FullRound(ref air, state, parameters.FinalFull(round), ref column);
    }

    private static void FullRound<TBuilder, T>(ref TBuilder air, scoped Span<T> state, ReadOnlySpan<KoalaBear> constants, ref int column)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T>
    {
        Poseidon2Layers.FullSBox(state, constants);
        Poseidon2Layers.ExternalLinear(state);
        for (var i = 0; i < state.Length; i++)
            Commit(ref air, ref state[i], ref column);
    }

    private static void PartialRound<TBuilder, T>(ref TBuilder air, scoped Span<T> state, KoalaBear constant, ref int column)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T>
    {
        state[0] = T.CubeOfSum(state[0], constant);
        Commit(ref air, ref state[0], ref column);
        Poseidon2Layers.InternalLinear(state);
    }

    /// <summary>The cell equals the value computed so far, and stands for it from here on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Commit<TBuilder, T>(ref TBuilder air, ref T value, ref int column)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T>
    {
        var cell = air.Main(column++);
        air.AssertZero(value - cell);
        value = cell;
    }
}

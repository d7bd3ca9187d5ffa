using Tributary.Proofs.Fields;

namespace Tributary.Proofs.Poseidon2;

/// <summary>
/// The permutation and the compression built on it. Its security as a hash is an assumption of its own, apart from the provable soundness of proofs.
/// </summary>
public static unsafe class Poseidon2Permutation
{
    /// <summary>States that <see cref="PermuteLanes(Poseidon2Parameters, Span{KoalaBear})"/> takes side by side.</summary>
    public const int Lanes = 16;

    /// <summary>Permutes one state of the parameters' width.</summary>
    public static void Permute(Poseidon2Parameters parameters, Span<KoalaBear> state)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (state.Length != parameters.Width)
            throw new ArgumentException("The state has another length than the width.", nameof(state));
        Run(parameters, state);
    }

    /// <summary>
    /// Truncated P(x) + x. The feed-forward makes it one-way: a truncated permutation alone can be inverted by whoever chooses the part cut off,
    /// and must not carry a tree whose siblings a prover supplies.
    /// </summary>
    public static void Compress(Poseidon2Parameters parameters, ReadOnlySpan<KoalaBear> input, Span<KoalaBear> output)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (input.Length != parameters.Width)
            throw new ArgumentException("The input has another length than the width.", nameof(input));
        if (output.Length > parameters.Width / 2)
            throw new ArgumentException("At least half of the state is cut off.", nameof(output));
        Span<KoalaBear> state = stackalloc KoalaBear[24];
        state = state[..parameters.Width];
        input.CopyTo(state);
        Run(parameters, state);
        for (var i = 0; i < output.Length; i++)
            output[i] = state[i] + input[i];
    }

    /// <summary>
    /// Permutes <see cref="Lanes"/> states at once: element i of state j stands at place i·<see cref="Lanes"/> + j.
    /// </summary>
    public static void PermuteLanes(Poseidon2Parameters parameters, Span<KoalaBear> states) => PermuteLanes(parameters, states, Packings.Best);

    /// <summary>As the other overload, on a chosen packing.</summary>
    internal static void PermuteLanes(Poseidon2Parameters parameters, Span<KoalaBear> states, Packing packing)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (states.Length != parameters.Width * Lanes)
            throw new ArgumentException("The states do not fill the lanes.", nameof(states));
        fixed (KoalaBear* words = states)
        {
            switch (packing)
            {
                case Packing.Vector512:
                    PermuteWords<PackedField512>(parameters, (uint*)words, Lanes);
                    break;
                case Packing.Vector256:
                    PermuteWords<PackedField256>(parameters, (uint*)words, Lanes);
                    break;
                default:
                    PermuteWords<PackedScalar>(parameters, (uint*)words, Lanes);
                    break;
            }
        }
    }

    /// <summary>The permutation over any algebra.</summary>
    internal static void Run<T>(Poseidon2Parameters parameters, Span<T> state)
        where T : struct, IAlgebra<T>
    {
        Poseidon2Layers.ExternalLinear(state);
        for (var round = 0; round < Poseidon2Parameters.HalfFullRounds; round++)
        {
            Poseidon2Layers.FullSBox(state, parameters.InitialFull(round));
            Poseidon2Layers.ExternalLinear(state);
        }

        foreach (var constant in parameters.Partial)
        {
            state[0] = T.CubeOfSum(state[0], constant);
            Poseidon2Layers.InternalLinear(state);
        }

        for (var round = 0; round < Poseidon2Parameters.HalfFullRounds; round++)
        {
            Poseidon2Layers.FullSBox(state, parameters.FinalFull(round));
            Poseidon2Layers.ExternalLinear(state);
        }
    }

    private static void PermuteWords<T>(Poseidon2Parameters parameters, uint* words, int stride)
        where T : unmanaged, IPackedField<T>
    {
        Span<T> state = stackalloc T[24];
        state = state[..parameters.Width];
        for (var lane = 0; lane < stride; lane += T.Width)
        {
            for (var i = 0; i < state.Length; i++)
                state[i] = T.Load(words + (i * stride) + lane);
            Run(parameters, state);
            for (var i = 0; i < state.Length; i++)
                T.Store(words + (i * stride) + lane, state[i]);
        }
    }
}

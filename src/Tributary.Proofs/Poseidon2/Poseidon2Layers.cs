using System.Runtime.CompilerServices;
using Tributary.Proofs.Fields;

namespace Tributary.Proofs.Poseidon2;

/// <summary>
/// The layers of Poseidon2 (ePrint 2023/323, sections 5 and 6), over any algebra: the permutation runs them on numbers, the AIR on trace cells.
/// </summary>
public static class Poseidon2Layers
{
    /// <summary>The round constants and the S-box x³ on every element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FullSBox<T>(Span<T> state, ReadOnlySpan<KoalaBear> constants)
        where T : struct, IAlgebra<T>
    {
        for (var i = 0; i < state.Length; i++)
            state[i] = T.CubeOfSum(state[i], constants[i]);
    }

    /// <summary>
    /// M_E: the 4 × 4 matrix with rows (2 3 1 1), (1 2 3 1), (1 1 2 3), (3 1 1 2) on each four elements, then to each the sum of its column.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ExternalLinear<T>(Span<T> state)
        where T : struct, IAlgebra<T>
    {
        T s0 = T.Zero, s1 = T.Zero, s2 = T.Zero, s3 = T.Zero;
        for (var i = 0; i + 3 < state.Length; i += 4)
        {
            T x0 = state[i], x1 = state[i + 1], x2 = state[i + 2], x3 = state[i + 3];
            var x01 = x0 + x1;
            var x23 = x2 + x3;
            var sum = x01 + x23;
            var sum1 = sum + x1;
            var sum3 = sum + x3;
            s0 += state[i] = sum1 + x01;
            s1 += state[i + 1] = sum1 + T.Double(x2);
            s2 += state[i + 2] = sum3 + x23;
            s3 += state[i + 3] = sum3 + T.Double(x0);
        }

        for (var i = 0; i + 3 < state.Length; i += 4)
        {
            state[i] += s0;
            state[i + 1] += s1;
            state[i + 2] += s2;
            state[i + 3] += s3;
        }
    }

    /// <summary>M_I = J + Diag(V): to each Vᵢxᵢ the sum of all. The Vᵢ are small, or inverse powers of two up to their sign.</summary>
    public static void InternalLinear<T>(Span<T> state)
        where T : struct, IAlgebra<T>
    {
        if (state.Length == 16)
            InternalLinear16(state);
        else
            InternalLinear24(state);
    }

    /// <summary>V = −2, 1, 2, 1/2, 3, 4, −1/2, −3, −4, 2⁻⁸, 2⁻³, 2⁻²⁴, −2⁻⁸, −2⁻³, −2⁻⁴, −2⁻²⁴.</summary>
    private static void InternalLinear16<T>(Span<T> state)
        where T : struct, IAlgebra<T>
    {
        state = state[..16];
        var sum = Sum(state);
        SmallDiagonal(state, sum);
        state[9] = sum + T.DivideByPowerOfTwo(state[9], 8);
        state[10] = sum + T.DivideByPowerOfTwo(state[10], 3);
        state[11] = sum + T.DivideByPowerOfTwo(state[11], 24);
        state[12] = sum - T.DivideByPowerOfTwo(state[12], 8);
        state[13] = sum - T.DivideByPowerOfTwo(state[13], 3);
        state[14] = sum - T.DivideByPowerOfTwo(state[14], 4);
        state[15] = sum - T.DivideByPowerOfTwo(state[15], 24);
    }

    /// <summary>V as for width 16 up to −4; then 2⁻ᵏ for k = 8, 2, 3, 4, 5, 6, 24 and −2⁻ᵏ for k = 8, 3, 4, 5, 6, 7, 9, 24.</summary>
    private static void InternalLinear24<T>(Span<T> state)
        where T : struct, IAlgebra<T>
    {
        state = state[..24];
        var sum = Sum(state);
        SmallDiagonal(state, sum);
        state[9] = sum + T.DivideByPowerOfTwo(state[9], 8);
        state[10] = sum + T.DivideByPowerOfTwo(state[10], 2);
        state[11] = sum + T.DivideByPowerOfTwo(state[11], 3);
        state[12] = sum + T.DivideByPowerOfTwo(state[12], 4);
        state[13] = sum + T.DivideByPowerOfTwo(state[13], 5);
        state[14] = sum + T.DivideByPowerOfTwo(state[14], 6);
        state[15] = sum + T.DivideByPowerOfTwo(state[15], 24);
        state[16] = sum - T.DivideByPowerOfTwo(state[16], 8);
        state[17] = sum - T.DivideByPowerOfTwo(state[17], 3);
        state[18] = sum - T.DivideByPowerOfTwo(state[18], 4);
        state[19] = sum - T.DivideByPowerOfTwo(state[19], 5);
        state[20] = sum - T.DivideByPowerOfTwo(state[20], 6);
        state[21] = sum - T.DivideByPowerOfTwo(state[21], 7);
        state[22] = sum - T.DivideByPowerOfTwo(state[22], 9);
        state[23] = sum - T.DivideByPowerOfTwo(state[23], 24);
    }

    /// <summary>Element 0 comes last: it leaves the S-box while the others are added up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Sum<T>(Span<T> state)
        where T : struct, IAlgebra<T>
    {
        T a = state[4], b = state[1], c = state[2], d = state[3];
        for (var i = 5; i + 3 < state.Length; i += 4)
        {
            a += state[i + 3];
            b += state[i];
            c += state[i + 1];
            d += state[i + 2];
        }

        b += state[^3];
        c += state[^2];
        d += state[^1];
        return ((a + b) + (c + d)) + state[0];
    }

    /// <summary>The nine entries that both widths share: −2, 1, 2, 1/2, 3, 4, −1/2, −3, −4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SmallDiagonal<T>(Span<T> state, T sum)
        where T : struct, IAlgebra<T>
    {
        state[0] = sum - T.Double(state[0]);
        state[1] = sum + state[1];
        state[2] = sum + T.Double(state[2]);
        state[3] = sum + T.DivideByPowerOfTwo(state[3], 1);
        state[4] = sum + state[4] + T.Double(state[4]);
        state[5] = sum + T.Double(T.Double(state[5]));
        state[6] = sum - T.DivideByPowerOfTwo(state[6], 1);
        state[7] = sum - state[7] - T.Double(state[7]);
        state[8] = sum - T.Double(T.Double(state[8]));
    }
}

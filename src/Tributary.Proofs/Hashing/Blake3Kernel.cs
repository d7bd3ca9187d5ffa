using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tributary.Proofs.Hashing;

/// <summary>
/// The compression function of BLAKE3 (BLAKE3 paper, section 2.2) on independent inputs, one in each lane. Message words come by address, so that
/// the columns of a matrix are read where they stand.
/// </summary>
internal static unsafe class Blake3Kernel<T>
    where T : unmanaged, IWordLanes<T>
{
    private const int Rounds = 7;

    /// <summary>Which message word goes where, round by round: the word permutation of the paper's table 2 applied again and again.</summary>
    private static ReadOnlySpan<byte> Schedule =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8,
        3, 4, 10, 12, 13, 2, 7, 14, 6, 5, 9, 0, 11, 15, 8, 1,
        10, 7, 12, 9, 14, 3, 13, 15, 4, 0, 11, 2, 5, 8, 1, 6,
        12, 13, 9, 11, 15, 10, 14, 8, 7, 2, 5, 3, 0, 1, 6, 4,
        9, 14, 11, 5, 8, 12, 15, 1, 13, 3, 0, 10, 2, 6, 4, 7,
        11, 15, 5, 0, 1, 9, 8, 6, 14, 10, 2, 12, 3, 4, 7, 13,
    ];

    /// <summary>
    /// Replaces the chaining values (eight vectors) by those after one block, whose word i is the vector at <paramref name="message"/>[i].
    /// </summary>
    public static void Compress(T* chaining, uint** message, ulong counter, uint blockLength, Blake3Flags flags)
    {
        var state = stackalloc T[16];
        Mix(chaining, message, counter, blockLength, flags, state);
        for (var i = 0; i < 8; i++)
            chaining[i] = state[i] ^ state[8 + i];
    }

    /// <summary>All sixteen output words of one block: what the root gives at a counter.</summary>
    public static void Expand(T* chaining, uint** message, ulong counter, uint blockLength, Blake3Flags flags, T* output)
    {
        Mix(chaining, message, counter, blockLength, flags, output);
        for (var i = 0; i < 8; i++)
        {
            output[i] ^= output[8 + i];
            output[8 + i] ^= chaining[i];
        }
    }

    private static void Mix(T* chaining, uint** message, ulong counter, uint blockLength, Blake3Flags flags, T* state)
    {
        T v0 = chaining[0], v1 = chaining[1], v2 = chaining[2], v3 = chaining[3];
        T v4 = chaining[4], v5 = chaining[5], v6 = chaining[6], v7 = chaining[7];
        var v8 = T.Broadcast(Blake3Constants.Iv0);
        var v9 = T.Broadcast(Blake3Constants.Iv1);
        var v10 = T.Broadcast(Blake3Constants.Iv2);
        var v11 = T.Broadcast(Blake3Constants.Iv3);
        var v12 = T.Broadcast((uint)counter);
        var v13 = T.Broadcast((uint)(counter >> 32));
        var v14 = T.Broadcast(blockLength);
        var v15 = T.Broadcast((uint)flags);
        ref var schedule = ref MemoryMarshal.GetReference(Schedule);
        for (var round = 0; round < Rounds; round++)
        {
            ref var s = ref Unsafe.Add(ref schedule, 16 * round);
            Quarter(ref v0, ref v4, ref v8, ref v12, message[s], message[Unsafe.Add(ref s, 1)]);
            Quarter(ref v1, ref v5, ref v9, ref v13, message[Unsafe.Add(ref s, 2)], message[Unsafe.Add(ref s, 3)]);
            Quarter(ref v2, ref v6, ref v10, ref v14, message[Unsafe.Add(ref s, 4)], message[Unsafe.Add(ref s, 5)]);
            Quarter(ref v3, ref v7, ref v11, ref v15, message[Unsafe.Add(ref s, 6)], message[Unsafe.Add(ref s, 7)]);
            Quarter(ref v0, ref v5, ref v10, ref v15, message[Unsafe.Add(ref s, 8)], message[Unsafe.Add(ref s, 9)]);
            Quarter(ref v1, ref v6, ref v11, ref v12, message[Unsafe.Add(ref s, 10)], message[Unsafe.Add(ref s, 11)]);
            Quarter(ref v2, ref v7, ref v8, ref v13, message[Unsafe.Add(ref s, 12)], message[Unsafe.Add(ref s, 13)]);
            Quarter(ref v3, ref v4, ref v9, ref v14, message[Unsafe.Add(ref s, 14)], message[Unsafe.Add(ref s, 15)]);
        }

        (state[0], state[1], state[2], state[3]) = (v0, v1, v2, v3);
        (state[4], state[5], state[6], state[7]) = (v4, v5, v6, v7);
        (state[8], state[9], state[10], state[11]) = (v8, v9, v10, v11);
        (state[12], state[13], state[14], state[15]) = (v12, v13, v14, v15);
    }

    /// <summary>The function G (BLAKE3 paper, section 2.2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarter(ref T a, ref T b, ref T c, ref T d, uint* x, uint* y)
    {
        a = a + b + T.Load(x);
        d = T.RotateRight16(d ^ a);
        c += d;
        b = T.RotateRight12(b ^ c);
        a = a + b + T.Load(y);
        d = T.RotateRight8(d ^ a);
        c += d;
        b = T.RotateRight7(b ^ c);
    }
}

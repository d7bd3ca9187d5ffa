using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Tributary.Crypto;

/// <summary>
/// The compression function of SHA-256 (FIPS 180-4, 6.2.2) on a state of our own, which the platform's one-shot interface does not give:
/// a midstate can be kept and copied, and a short message costs no call into a provider framework. Where the platform's OpenSSL still
/// exports its block function (and answers a test block correctly) that is used, since it has the CPU's SHA instructions.
/// </summary>
internal static unsafe class Sha256Compression
{
    internal const int BlockLength = 64;

    // Up to here a call ends within about a microsecond, and the switch of the collector's mode would cost more than it gives.
    private const int ShortLength = 16 * BlockLength;

    // An array and not a span over the program image: unoptimised code allocates to make such a span.
    private static readonly uint[] s_roundConstants =
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    private static readonly delegate* unmanaged[Cdecl]<OpenSslContext*, byte*, nuint, int> s_update =
        (delegate* unmanaged[Cdecl]<OpenSslContext*, byte*, nuint, int>)FindOpenSsl();

    /// <summary>True when the platform's block function does the work.</summary>
    internal static bool IsAccelerated => s_update != null;

    /// <summary>Takes in whole blocks.</summary>
    internal static void Compress(ref Sha256State state, ReadOnlySpan<byte> blocks)
    {
        if (s_update != null)
            CompressByOpenSsl(s_update, ref state, blocks);
        else
            CompressManaged(ref state, blocks);
    }

    internal static void CompressManaged(ref Sha256State state, ReadOnlySpan<byte> blocks)
    {
        Span<uint> w = stackalloc uint[64];
        ref var first = ref MemoryMarshal.GetReference(w);
        for (; blocks.Length >= BlockLength; blocks = blocks[BlockLength..])
        {
            for (var i = 0; i < 16; i++)
                w[i] = BinaryPrimitives.ReadUInt32BigEndian(blocks[(4 * i)..]);
            for (var i = 16; i < 64; i++)
            {
                var (early, late) = (w[i - 15], w[i - 2]);
                var s0 = BitOperations.RotateRight(early, 7) ^ BitOperations.RotateRight(early, 18) ^ (early >> 3);
                var s1 = BitOperations.RotateRight(late, 17) ^ BitOperations.RotateRight(late, 19) ^ (late >> 10);
                w[i] = w[i - 16] + s0 + w[i - 7] + s1;
            }

            Rounds(ref state, ref first);
        }

        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(w));
    }

    private static void Rounds(ref Sha256State state, ref uint w)
    {
        var (a, b, c, d) = (state[0], state[1], state[2], state[3]);
        var (e, f, g, h) = (state[4], state[5], state[6], state[7]);
        var constants = s_roundConstants;
        for (var i = 0; i < constants.Length; i++)
        {
            var sum1 = BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25);
            var t1 = h + sum1 + ((e & f) ^ (~e & g)) + constants[i] + Unsafe.Add(ref w, i);
            var sum0 = BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22);
            var t2 = sum0 + ((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e, d, c, b, a) = (g, f, e, d + t1, c, b, a, t1 + t2);
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }

    [SkipLocalsInit]
    private static void CompressByOpenSsl(
        delegate* unmanaged[Cdecl]<OpenSslContext*, byte*, nuint, int> update, ref Sha256State state, ReadOnlySpan<byte> blocks)
    {
        Unsafe.SkipInit(out OpenSslContext context);
        context.State = state;
        context.BitsLow = context.BitsHigh = context.Buffered = 0;
        context.DigestLength = 32;
        var length = blocks.Length - (blocks.Length % BlockLength);
        fixed (byte* input = blocks)
        {
            if (length <= ShortLength)
                ((delegate* unmanaged[Cdecl, SuppressGCTransition]<OpenSslContext*, byte*, nuint, int>)update)(&context, input, (nuint)length);
            else
                update(&context, input, (nuint)length);
        }

        state = context.State;
    }

    private static void* FindOpenSsl()
    {
        foreach (var name in (ReadOnlySpan<string>)["libcrypto.so.3", "libcrypto.so.1.1"])
        {
            if (!NativeLibrary.TryLoad(name, out var library) || !NativeLibrary.TryGetExport(library, "SHA256_Update", out var update))
                continue;

            if (AgreesWithManaged((delegate* unmanaged[Cdecl]<OpenSslContext*, byte*, nuint, int>)update))
                return (void*)update;
        }

        return null;
    }

    // Two blocks against our own function: a library with another layout is left alone.
    private static bool AgreesWithManaged(delegate* unmanaged[Cdecl]<OpenSslContext*, byte*, nuint, int> update)
    {
        Span<byte> blocks = stackalloc byte[2 * BlockLength];
        for (var i = 0; i < blocks.Length; i++)
            blocks[i] = (byte)((7 * i) + 1);
        var (theirs, ours) = (Sha256State.Initial, Sha256State.Initial);
        CompressByOpenSsl(update, ref theirs, blocks);
        CompressManaged(ref ours, blocks);
        return ((ReadOnlySpan<uint>)theirs).SequenceEqual(ours);
    }

    /// <summary>OpenSSL's SHA256_CTX, unchanged since 0.9.8.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct OpenSslContext
    {
        internal Sha256State State;
        internal uint BitsLow;
        internal uint BitsHigh;
        internal fixed byte Buffer[BlockLength];
        internal uint Buffered;
        internal uint DigestLength;
    }
}

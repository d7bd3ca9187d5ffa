using System.Buffers.Binary;
using Tributary.Primitives.Bytes;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Hashing;

namespace Tributary.Proofs.Transcripts;

/// <summary>
/// Grinding: a nonce such that BLAKE3 keyed by the transcript's seed gives it a word with so many low zero bits. It makes every fresh attempt at the
/// challenge that follows cost 2^bits hashes (ethSTARK, ePrint 2021/582, section 6.3).
/// </summary>
internal static unsafe class ProofOfWork
{
    /// <summary>The most bits that a parameter set may ask for.</summary>
    public const int MaxBits = 30;

    /// <summary>True when the nonce has the bits. Zero bits want nonce zero, so that there is one encoding.</summary>
    public static bool IsValid(Bytes32 seed, ulong nonce, int bits)
    {
        if (bits == 0)
            return nonce == 0;
        Span<byte> message = stackalloc byte[sizeof(ulong)];
        Span<byte> digest = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt64LittleEndian(message, nonce);
        Blake3.CreateKeyed(seed.Span).Update(message).Finish(digest);
        return (BinaryPrimitives.ReadUInt32LittleEndian(digest) & Mask(bits)) == 0;
    }

    /// <summary>The least nonce that has the bits.</summary>
    public static ulong Find(Bytes32 seed, int bits, Packing packing)
    {
        if (bits == 0)
            return 0;
        return packing switch
        {
            Packing.Vector512 => Find<WordLanes512>(seed, bits),
            Packing.Vector256 => Find<WordLanes256>(seed, bits),
            _ => Find<WordLane>(seed, bits),
        };
    }

    private static uint Mask(int bits) => (1u << bits) - 1;

    private static ulong Find<T>(Bytes32 seed, int bits)
        where T : unmanaged, IWordLanes<T>
    {
        Span<uint> key = stackalloc uint[8];
        for (var i = 0; i < 8; i++)
            key[i] = BinaryPrimitives.ReadUInt32LittleEndian(seed.Span[(4 * i)..]);
        var lanes = stackalloc uint[T.Width];
        var zero = default(T);
        var high = default(T);
        var message = stackalloc uint*[16];
        message[0] = lanes;
        message[1] = (uint*)&high;
        for (var i = 2; i < 16; i++)
            message[i] = (uint*)&zero;
        var chaining = stackalloc T[8];
        var words = stackalloc uint[T.Width];
        const Blake3Flags flags = Blake3Flags.KeyedHash | Blake3Flags.ChunkStart | Blake3Flags.ChunkEnd | Blake3Flags.Root;
        for (var start = 0UL; ; start += (ulong)T.Width)
        {
            for (var i = 0; i < T.Width; i++)
                lanes[i] = (uint)start + (uint)i;
            high = T.Broadcast((uint)(start >> 32));
            for (var i = 0; i < 8; i++)
                chaining[i] = T.Broadcast(key[i]);
            Blake3Kernel<T>.Compress(chaining, message, 0, sizeof(ulong), flags);
            T.Store(words, chaining[0]);
            for (var i = 0; i < T.Width; i++)
            {
                if ((words[i] & Mask(bits)) == 0)
                    return start + (ulong)i;
            }
        }
    }
}

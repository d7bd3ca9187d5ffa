using Tributary.Proofs.Hashing;
using Tributary.Proofs.Memory;

namespace Tributary.Proofs.Merkle;

/// <summary>BLAKE3 in derived-key mode of rows of words and of pairs of digests, one in each lane.</summary>
internal static unsafe class RowHasher<T>
    where T : unmanaged, IWordLanes<T>
{
    private const int ChunkWords = Blake3Constants.ChunkLength / sizeof(uint);
    private const int BlockWords = Blake3Constants.BlockLength / sizeof(uint);
    private const int MaxDepth = 24;

    /// <summary>
    /// The digest (eight vectors) of <paramref name="count"/> words, of which word i is the vector at <paramref name="words"/>[i] + <paramref name="offset"/>.
    /// </summary>
    public static void HashRow(uint** words, int count, nint offset, T* digest)
    {
        var key = stackalloc T[8];
        LoadKey(MerkleDomain.RowKey, key);
        var stack = stackalloc T[8 * MaxDepth];
        var depth = 0;
        var chunks = Math.Max(1, (count + ChunkWords - 1) / ChunkWords);
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            var start = chunk * ChunkWords;
            Copy(key, digest);
            HashChunk(words + start, Math.Min(count - start, ChunkWords), offset, (ulong)chunk, chunks == 1 ? Blake3Flags.Root : Blake3Flags.None, digest);
            if (chunk == chunks - 1)
                break;
            for (var joins = chunk + 1; (joins & 1) == 0; joins >>= 1)
                Join(stack + (8 * --depth), digest, key, Blake3Flags.Parent, digest);
            Copy(digest, stack + (8 * depth++));
        }

        while (depth > 0)
        {
            depth--;
            Join(stack + (8 * depth), digest, key, Blake3Flags.Parent | (depth == 0 ? Blake3Flags.Root : Blake3Flags.None), digest);
        }
    }

    /// <summary>
    /// The digest under a domain's key of two digests, whose words stand <paramref name="leftStride"/> and <paramref name="rightStride"/> words apart.
    /// </summary>
    public static void HashPair(ReadOnlySpan<uint> domainKey, uint* left, nint leftStride, uint* right, nint rightStride, T* digest)
    {
        var message = stackalloc uint*[16];
        for (var i = 0; i < 8; i++)
        {
            message[i] = left + (i * leftStride);
            message[8 + i] = right + (i * rightStride);
        }

        LoadKey(domainKey, digest);
        Blake3Kernel<T>.Compress(
            digest,
            message,
            0,
            Blake3Constants.BlockLength,
            Blake3Flags.DeriveKeyMaterial | Blake3Flags.ChunkStart | Blake3Flags.ChunkEnd | Blake3Flags.Root);
    }

    private static void HashChunk(uint** words, int count, nint offset, ulong counter, Blake3Flags last, T* chaining)
    {
        var message = stackalloc uint*[BlockWords];
        var zero = default(T);
        var flags = Blake3Flags.DeriveKeyMaterial | Blake3Flags.ChunkStart;
        do
        {
            var take = Math.Min(count, BlockWords);
            for (var i = 0; i < BlockWords; i++)
                message[i] = i < take ? words[i] + offset : (uint*)&zero;
            for (var i = 0; i < take && T.Width > 1; i++)
                Prefetch.Ahead(message[i]);
            if (count <= BlockWords)
                flags |= Blake3Flags.ChunkEnd | last;
            Blake3Kernel<T>.Compress(chaining, message, counter, (uint)(take * sizeof(uint)), flags);
            flags &= ~Blake3Flags.ChunkStart;
            words += take;
            count -= take;
        }
        while (count > 0);
    }

    private static void Join(T* left, T* right, T* key, Blake3Flags flags, T* result)
    {
        var message = stackalloc uint*[16];
        var copy = stackalloc T[8];
        Copy(right, copy);
        for (var i = 0; i < 8; i++)
        {
            message[i] = (uint*)(left + i);
            message[8 + i] = (uint*)(copy + i);
        }

        Copy(key, result);
        Blake3Kernel<T>.Compress(result, message, 0, Blake3Constants.BlockLength, Blake3Flags.DeriveKeyMaterial | flags);
    }

    private static void LoadKey(ReadOnlySpan<uint> words, T* key)
    {
        for (var i = 0; i < 8; i++)
            key[i] = T.Broadcast(words[i]);
    }

    private static void Copy(T* source, T* destination)
    {
        for (var i = 0; i < 8; i++)
            destination[i] = source[i];
    }
}

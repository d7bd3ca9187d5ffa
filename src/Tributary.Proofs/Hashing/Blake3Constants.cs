namespace Tributary.Proofs.Hashing;

/// <summary>The initial value of BLAKE3, that of SHA-256.</summary>
internal static class Blake3Constants
{
    public const uint Iv0 = 0x6a09e667;
    public const uint Iv1 = 0xbb67ae85;
    public const uint Iv2 = 0x3c6ef372;
    public const uint Iv3 = 0xa54ff53a;

    /// <summary>Bytes of a block, the unit of compression.</summary>
    public const int BlockLength = 64;

    /// <summary>Bytes of a chunk, a leaf of the tree within BLAKE3.</summary>
    public const int ChunkLength = 1024;

    /// <summary>All eight words.</summary>
    public static ReadOnlySpan<uint> Iv => [Iv0, Iv1, Iv2, Iv3, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];
}

using System.Buffers.Binary;
using Tributary.Primitives.Bytes;

namespace Tributary.Proofs.Merkle;

/// <summary>Digests between words, which kernels use, and bytes, which proofs carry.</summary>
internal static class MerkleDigest
{
    public static Bytes32 FromWords(ReadOnlySpan<uint> words)
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Length];
        for (var i = 0; i < 8; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[(4 * i)..], words[i]);
        return new Bytes32(bytes);
    }

    public static void ToWords(ReadOnlySpan<byte> bytes, Span<uint> words)
    {
        for (var i = 0; i < 8; i++)
            words[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 * i)..]);
    }
}

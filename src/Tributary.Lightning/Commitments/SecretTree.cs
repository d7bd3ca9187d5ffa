using Tributary.Crypto;

namespace Tributary.Lightning.Commitments;

/// <summary>The tree of hashes behind per-commitment secrets (BOLT 3): to go down a set bit of the index, flip it and hash.</summary>
internal static class SecretTree
{
    /// <summary>Writes the secret at an index below a node.</summary>
    /// <param name="node32">The node's secret; the seed for all 48 bits.</param>
    /// <param name="bits">How many low bits of the index lie below the node.</param>
    /// <param name="index">The index.</param>
    /// <param name="secret32">Takes the secret.</param>
    internal static void Derive(ReadOnlySpan<byte> node32, int bits, ulong index, Span<byte> secret32)
    {
        node32.CopyTo(secret32);
        for (var bit = bits - 1; bit >= 0; bit--)
        {
            if ((index >> bit & 1) == 0)
                continue;
            secret32[bit / 8] ^= (byte)(1 << (bit % 8));
            Hashes.Sha256(secret32[..32], secret32);
        }
    }
}

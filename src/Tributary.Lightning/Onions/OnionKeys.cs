using Tributary.Crypto;

namespace Tributary.Lightning.Onions;

/// <summary>The keys of one hop: HMACs of its shared secret under a label (BOLT 4, "Key Generation").</summary>
internal static class OnionKeys
{
    internal static ReadOnlySpan<byte> Rho => "rho"u8;

    internal static ReadOnlySpan<byte> Mu => "mu"u8;

    internal static ReadOnlySpan<byte> Um => "um"u8;

    internal static ReadOnlySpan<byte> Ammag => "ammag"u8;

    internal static ReadOnlySpan<byte> Pad => "pad"u8;

    internal static ReadOnlySpan<byte> BlindedNodeId => "blinded_node_id"u8;

    /// <summary>XORs a hop's pseudo-random stream of a label into the bytes.</summary>
    internal static void Obfuscate(ReadOnlySpan<byte> label, ReadOnlySpan<byte> sharedSecret32, Span<byte> bytes)
    {
        Span<byte> key = stackalloc byte[32];
        Span<byte> nonce = stackalloc byte[ChaCha20.NonceLength];
        nonce.Clear();
        Hashes.HmacSha256(label, sharedSecret32, key);
        ChaCha20.Xor(key, nonce, 0, bytes, bytes);
    }

    /// <summary>The HMAC of bytes under a hop's key of a label.</summary>
    internal static void Authenticate(ReadOnlySpan<byte> label, ReadOnlySpan<byte> sharedSecret32, ReadOnlySpan<byte> bytes, Span<byte> mac32)
    {
        Span<byte> key = stackalloc byte[32];
        Hashes.HmacSha256(label, sharedSecret32, key);
        Hashes.HmacSha256(key, bytes, mac32);
    }

    /// <summary>The factor from a hop's ephemeral key to the next: SHA-256 of the key and the shared secret.</summary>
    internal static void BlindingFactor(in PublicKey ephemeral, ReadOnlySpan<byte> sharedSecret32, Span<byte> factor32)
    {
        Span<byte> both = stackalloc byte[PublicKey.CompressedLength + 32];
        ephemeral.WriteCompressed(both);
        sharedSecret32.CopyTo(both[PublicKey.CompressedLength..]);
        Hashes.Sha256(both, factor32);
    }
}

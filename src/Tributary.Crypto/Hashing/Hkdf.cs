using System.Security.Cryptography;

namespace Tributary.Crypto;

/// <summary>HKDF with SHA-256 (RFC 5869), by the platform. Outputs are secrets: the caller zeroes them.</summary>
public static class Hkdf
{
    /// <summary>Bytes that extraction yields.</summary>
    public const int PseudorandomKeyLength = 32;

    /// <summary>Extract and expand: fills the output, at most 8,160 bytes.</summary>
    public static void DeriveKey(ReadOnlySpan<byte> inputKey, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> info, Span<byte> output)
    {
        Span<byte> pseudorandomKey = stackalloc byte[PseudorandomKeyLength];
        Extract(inputKey, salt, pseudorandomKey);
        Expand(pseudorandomKey, info, output);
        CryptographicOperations.ZeroMemory(pseudorandomKey);
    }

    /// <summary>Extracts into the first 32 bytes.</summary>
    /// <remarks>By its definition, an HMAC: OpenSSL's HKDF takes no empty input key, which ends every handshake of BOLT 8.</remarks>
    public static void Extract(ReadOnlySpan<byte> inputKey, ReadOnlySpan<byte> salt, Span<byte> pseudorandomKey32) =>
        Hashes.HmacSha256(salt, inputKey, pseudorandomKey32);

    /// <summary>Expands a key of 32 bytes or more: fills the output, at most 8,160 bytes.</summary>
    public static void Expand(ReadOnlySpan<byte> pseudorandomKey, ReadOnlySpan<byte> info, Span<byte> output) =>
        HKDF.Expand(HashAlgorithmName.SHA256, pseudorandomKey, output, info);

    /// <summary>Noise's step with two outputs of 32 bytes and no info (BOLT 8): the chaining key is the salt. Outputs may overwrite inputs.</summary>
    public static void DeriveTwo(ReadOnlySpan<byte> chainingKey32, ReadOnlySpan<byte> inputKey, Span<byte> first32, Span<byte> second32)
    {
        Span<byte> both = stackalloc byte[64];
        DeriveKey(inputKey, chainingKey32, info: default, both);
        both[..32].CopyTo(first32);
        both[32..].CopyTo(second32);
        CryptographicOperations.ZeroMemory(both);
    }
}

using System.Security.Cryptography;
using Tributary.Crypto;

namespace Tributary.Lightning.Keys;

/// <summary>Secrets that follow from one root by HKDF (RFC 5869): each use has a tag of its own, so that no secret tells another.</summary>
internal static class DerivedSecrets
{
    /// <summary>32 bytes for a tag.</summary>
    internal static SecretBytes Bytes(SecretBytes root, ReadOnlySpan<byte> tag)
    {
        Span<byte> output = stackalloc byte[32];
        Hkdf.Expand(root.Reveal(), tag, output);
        var secret = new SecretBytes(output);
        CryptographicOperations.ZeroMemory(output);
        return secret;
    }

    /// <summary>A key for a tag.</summary>
    internal static SecretKey Key(SecretBytes root, ReadOnlySpan<byte> tag)
    {
        using var secret = Bytes(root, tag);
        return SecretKey.TryCreate(secret.Reveal(), out var key)
            ? key
            : throw new InvalidOperationException("A hash came out as no key: one in 2^127 does.");
    }
}

using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;

namespace Tributary.Crypto;

/// <summary>
/// ChaCha20-Poly1305 (RFC 8439) under one key, by the platform. A ciphertext here is the encrypted bytes and then the tag of 16 bytes, as
/// BOLT 4 and BOLT 8 lay it out. A nonce must never be used twice. Not for concurrent use. Neither direction allocates, except when
/// decryption fails.
/// </summary>
[DebuggerDisplay("AEAD key")]
public sealed class AeadKey : IDisposable
{
    /// <summary>Bytes of a key.</summary>
    public const int KeyLength = 32;

    /// <summary>Bytes of a nonce.</summary>
    public const int NonceLength = 12;

    /// <summary>Bytes by which a ciphertext is longer than its plaintext.</summary>
    public const int TagLength = 16;

    private readonly ChaCha20Poly1305 _cipher;

    /// <summary>Takes a key of 32 bytes; the caller zeroes its own copy.</summary>
    public AeadKey(ReadOnlySpan<byte> key32)
    {
        Lengths.Require(key32, KeyLength, nameof(key32));
        _cipher = new ChaCha20Poly1305(key32);
    }

    /// <summary>Writes the encrypted bytes and the tag: 16 bytes more than the plaintext.</summary>
    public void Encrypt(ReadOnlySpan<byte> nonce12, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext, Span<byte> ciphertextAndTag)
    {
        Lengths.Require(nonce12, NonceLength, nameof(nonce12));
        Lengths.RequireRoom(ciphertextAndTag, plaintext.Length + TagLength, nameof(ciphertextAndTag));
        _cipher.Encrypt(
            nonce12, plaintext, ciphertextAndTag[..plaintext.Length], ciphertextAndTag.Slice(plaintext.Length, TagLength), associatedData);
    }

    /// <summary>Writes the plaintext, 16 bytes shorter than the ciphertext; false, and zeros, when anything was changed or is too short.</summary>
    public bool TryDecrypt(ReadOnlySpan<byte> nonce12, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertextAndTag, Span<byte> plaintext)
    {
        Lengths.Require(nonce12, NonceLength, nameof(nonce12));
        if (ciphertextAndTag.Length < TagLength)
            return false;

        var length = ciphertextAndTag.Length - TagLength;
        Lengths.RequireRoom(plaintext, length, nameof(plaintext));
        try
        {
            _cipher.Decrypt(nonce12, ciphertextAndTag[..length], ciphertextAndTag[length..], plaintext[..length], associatedData);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            CryptographicOperations.ZeroMemory(plaintext[..length]);
            return false;
        }
    }

    /// <summary>As <see cref="Encrypt(ReadOnlySpan{byte}, ReadOnlySpan{byte}, ReadOnlySpan{byte}, Span{byte})"/> with Lightning's nonce: 32 zero bits and a little-endian counter (BOLT 8).</summary>
    public void Encrypt(ulong nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext, Span<byte> ciphertextAndTag)
    {
        Span<byte> nonce12 = stackalloc byte[NonceLength];
        WriteNonce(nonce, nonce12);
        Encrypt(nonce12, associatedData, plaintext, ciphertextAndTag);
    }

    /// <summary>As <see cref="TryDecrypt(ReadOnlySpan{byte}, ReadOnlySpan{byte}, ReadOnlySpan{byte}, Span{byte})"/> with Lightning's nonce: 32 zero bits and a little-endian counter (BOLT 8).</summary>
    public bool TryDecrypt(ulong nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertextAndTag, Span<byte> plaintext)
    {
        Span<byte> nonce12 = stackalloc byte[NonceLength];
        WriteNonce(nonce, nonce12);
        return TryDecrypt(nonce12, associatedData, ciphertextAndTag, plaintext);
    }

    public void Dispose() => _cipher.Dispose();

    /// <summary>Never the key.</summary>
    public override string ToString() => "(AEAD key)";

    private static void WriteNonce(ulong nonce, Span<byte> nonce12)
    {
        nonce12[..4].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(nonce12[4..], nonce);
    }
}

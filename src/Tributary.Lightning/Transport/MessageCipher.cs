using System.Security.Cryptography;
using Tributary.Crypto;

namespace Tributary.Lightning.Transport;

/// <summary>
/// One direction of an encrypted connection: the key, its nonce, and the chaining key from which the next key follows after 1,000 uses
/// (BOLT 8, "Lightning Message Key Rotation"). Owned by one thread at a time; the two directions share nothing.
/// </summary>
public sealed class MessageCipher : IDisposable
{
    /// <summary>Uses of a key: two for each message.</summary>
    public const int UsesPerKey = 1000;

    // Chaining key, then key. Pinned, so that the collector leaves no copies.
    private readonly byte[] _secrets = GC.AllocateArray<byte>(64, pinned: true);
    private AeadKey _cipher;
    private ulong _nonce;
    private bool _isBroken;

    /// <summary>Takes copies of the chaining key and of the first key.</summary>
    public MessageCipher(ReadOnlySpan<byte> chainingKey32, ReadOnlySpan<byte> key32)
    {
        chainingKey32.CopyTo(_secrets.AsSpan(0, 32));
        key32.CopyTo(_secrets.AsSpan(32, 32));
        _cipher = new AeadKey(_secrets.AsSpan(32, 32));
    }

    /// <summary>Writes the ciphertext and its tag, 16 bytes more than the plaintext.</summary>
    internal void Encrypt(ReadOnlySpan<byte> plaintext, Span<byte> ciphertextAndTag)
    {
        _cipher.Encrypt(_nonce, default, plaintext, ciphertextAndTag);
        Advance();
    }

    /// <summary>Writes the plaintext; false when the tag is wrong, and from then on.</summary>
    internal bool TryDecrypt(ReadOnlySpan<byte> ciphertextAndTag, Span<byte> plaintext)
    {
        if (_isBroken || !_cipher.TryDecrypt(_nonce, default, ciphertextAndTag, plaintext))
        {
            _isBroken = true;
            return false;
        }

        Advance();
        return true;
    }

    internal void CopyKeyTo(Span<byte> key32) => _secrets.AsSpan(32, 32).CopyTo(key32);

    public void Dispose()
    {
        _cipher.Dispose();
        CryptographicOperations.ZeroMemory(_secrets);
        _isBroken = true;
    }

    private void Advance()
    {
        if (++_nonce < UsesPerKey)
            return;

        var chainingKey = _secrets.AsSpan(0, 32);
        var key = _secrets.AsSpan(32, 32);
        Hkdf.DeriveTwo(chainingKey, key, chainingKey, key);
        _cipher.Dispose();
        _cipher = new AeadKey(key);
        _nonce = 0;
    }
}

using System.Security.Cryptography;
using Tributary.Crypto;

namespace Tributary.Lightning.Transport;

/// <summary>
/// The running secrets of Noise (BOLT 8, "Handshake State"): chaining key, handshake hash and the intermediate key. Pinned and zeroed on
/// disposal.
/// </summary>
internal sealed class SymmetricState : IDisposable
{
    private readonly byte[] _secrets = GC.AllocateArray<byte>(64, pinned: true);
    private readonly byte[] _hash = new byte[32];

    internal SymmetricState(in PublicKey responder)
    {
        Hashes.Sha256("Noise_XK_secp256k1_ChaChaPoly_SHA256"u8, _hash);
        _hash.CopyTo(ChainingKey);
        MixHash("lightning"u8);
        Span<byte> key = stackalloc byte[PublicKey.CompressedLength];
        responder.WriteCompressed(key);
        MixHash(key);
    }

    private Span<byte> ChainingKey => _secrets.AsSpan(0, 32);

    private Span<byte> IntermediateKey => _secrets.AsSpan(32, 32);

    internal void MixHash(ReadOnlySpan<byte> data)
    {
        var stream = default(Sha256Stream);
        stream.Append(_hash);
        stream.Append(data);
        stream.Finish(_hash);
    }

    /// <summary>Mixes the shared secret of a key pair and a point into chaining key and intermediate key.</summary>
    internal void MixKey(SecretKey secret, in PublicKey point)
    {
        Span<byte> shared = stackalloc byte[32];
        Ecdh.SharedSecret(secret, point, shared);
        Hkdf.DeriveTwo(ChainingKey, shared, ChainingKey, IntermediateKey);
        CryptographicOperations.ZeroMemory(shared);
    }

    /// <summary>Encrypts with the handshake hash as associated data and mixes the ciphertext into it.</summary>
    internal void EncryptAndMix(ulong nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertextAndTag)
    {
        using var key = new AeadKey(IntermediateKey);
        key.Encrypt(nonce, _hash, plaintext, ciphertextAndTag);
        MixHash(ciphertextAndTag);
    }

    /// <summary>Decrypts with the handshake hash as associated data; mixes the ciphertext into it when the tag is right.</summary>
    internal bool TryDecryptAndMix(ulong nonce, ReadOnlySpan<byte> ciphertextAndTag, Span<byte> plaintext)
    {
        using var key = new AeadKey(IntermediateKey);
        if (!key.TryDecrypt(nonce, _hash, ciphertextAndTag, plaintext))
            return false;

        MixHash(ciphertextAndTag);
        return true;
    }

    /// <summary>The two message ciphers: first the one with which the initiator sends.</summary>
    internal (MessageCipher FromInitiator, MessageCipher FromResponder) Split()
    {
        Span<byte> keys = stackalloc byte[64];
        Hkdf.DeriveTwo(ChainingKey, default, keys[..32], keys[32..]);
        var split = (new MessageCipher(ChainingKey, keys[..32]), new MessageCipher(ChainingKey, keys[32..]));
        CryptographicOperations.ZeroMemory(keys);
        return split;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_secrets);
}

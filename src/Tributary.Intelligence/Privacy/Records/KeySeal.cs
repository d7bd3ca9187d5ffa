using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Tributary.Primitives.Contracts;

namespace Tributary.Intelligence.Privacy.Records;

/// <summary>Seals keys under the master key, which is kept elsewhere: AES-256-GCM with random nonces, under a key derived by HKDF (RFC 5869).</summary>
internal sealed class KeySeal : IDisposable
{
    /// <summary>Bytes of the master key and of each key.</summary>
    public const int KeyLength = 32;

    private readonly AesGcm _cipher;

    public KeySeal(ReadOnlySpan<byte> masterKey)
    {
        Span<byte> key = stackalloc byte[KeyLength];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, masterKey, key, salt: [], info: "tributary subject keys 1"u8);
        _cipher = new AesGcm(key, KeyRecord.TagLength);
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>Seals a key and a pseudonym into a record whose other fields are written, and closes it.</summary>
    public void Seal(Span<byte> record, ReadOnlySpan<byte> key, Pseudonym pseudonym, IEntropy entropy)
    {
        Span<byte> plain = stackalloc byte[KeyRecord.SealedLength];
        key.CopyTo(plain);
        pseudonym.WriteTo(plain[KeyLength..]);
        entropy.Fill(KeyRecord.Nonce(record));
        _cipher.Encrypt(KeyRecord.Nonce(record), plain, KeyRecord.Sealed(record), KeyRecord.Tag(record), KeyRecord.Associated(record));
        CryptographicOperations.ZeroMemory(plain);
        KeyRecord.WriteChecksum(record);
    }

    /// <summary>False where another master key, or nobody's, sealed it.</summary>
    public bool TryOpen(Span<byte> record, [NotNullWhen(true)] out byte[]? key, out Pseudonym pseudonym)
    {
        (key, pseudonym) = (null, default);
        Span<byte> plain = stackalloc byte[KeyRecord.SealedLength];
        try
        {
            _cipher.Decrypt(KeyRecord.Nonce(record), KeyRecord.Sealed(record), KeyRecord.Tag(record), plain, KeyRecord.Associated(record));
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }

        key = plain[..KeyLength].ToArray();
        pseudonym = Pseudonym.FromBytes(plain[KeyLength..]);
        CryptographicOperations.ZeroMemory(plain);
        return true;
    }

    public void Dispose() => _cipher.Dispose();
}

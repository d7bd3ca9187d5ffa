using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Contracts;
using Tributary.Storage.Errors;
using Tributary.Storage.Leases;
using Tributary.Storage.Logs;

namespace Tributary.Storage.Replicas;

/// <summary>
/// What an encrypted file begins with, 96 bytes: magic, version, log, generation, 32 random bytes, a value that tells whether a key is the right
/// one, checksum. The file's key is HKDF-SHA256 (RFC 5869) of the secret with the random bytes as salt, and log, generation and name as info: no
/// two files share a key, so that a counter is a nonce that is never used twice.
/// </summary>
internal static class EncryptedHeader
{
    internal const int Length = 96;

    private const uint Version = 1;
    private const int SaltAt = 40;
    private const int SaltLength = 32;
    private const int CheckAt = SaltAt + SaltLength;
    private const int CheckLength = 16;
    private const int ChecksumAt = Length - sizeof(uint);
    private const int KeyLength = 32;

    private static ReadOnlySpan<byte> Magic => "TribEnc\n"u8;

    /// <summary>Makes a header with fresh random bytes, and the file's cipher.</summary>
    internal static ChaCha20Poly1305 Create(ReplicaKey secret, LogId log, Generation generation, string name, IEntropy entropy, Span<byte> header)
    {
        header.Clear();
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], Version);
        BinaryPrimitives.WriteUInt128LittleEndian(header[16..], log.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(header[32..], generation.Value);
        entropy.Fill(header.Slice(SaltAt, SaltLength));
        Span<byte> derived = stackalloc byte[KeyLength + CheckLength];
        Derive(secret, header, name, derived);
        derived[KeyLength..].CopyTo(header[CheckAt..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[ChecksumAt..], Crc32C.Of(header[..ChecksumAt]));
        return TakeCipher(derived);
    }

    /// <summary>The cipher of a file, or why there is none.</summary>
    internal static StorageError? TryOpen(ReplicaKey secret, ReadOnlySpan<byte> header, string file, string name, out ChaCha20Poly1305 cipher, out LogId log)
    {
        (cipher, log) = (null!, default);
        if (header.Length < Length || !header.StartsWith(Magic))
            return new StorageError(StorageErrorKind.Corrupt, file, 0, "does not begin as a replica does");
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[ChecksumAt..]) != Crc32C.Of(header[..ChecksumAt]))
            return new StorageError(StorageErrorKind.Corrupt, file, 0, "the header is damaged");
        var version = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
        if (version != Version)
            return new StorageError(StorageErrorKind.Foreign, file, 8, $"has version {version}; this program reads version {Version}");

        Span<byte> derived = stackalloc byte[KeyLength + CheckLength];
        Derive(secret, header, name, derived);
        if (!CryptographicOperations.FixedTimeEquals(derived[KeyLength..], header.Slice(CheckAt, CheckLength)))
            return new StorageError(StorageErrorKind.WrongKey, file, null, "was encrypted with another key, or under another name");
        log = new LogId(BinaryPrimitives.ReadUInt128LittleEndian(header[16..]));
        cipher = TakeCipher(derived);
        return null;
    }

    private static void Derive(ReplicaKey secret, ReadOnlySpan<byte> header, string name, Span<byte> derived)
    {
        Span<byte> info = stackalloc byte[128];
        "Tributary replica\n"u8.CopyTo(info);
        var length = "Tributary replica\n"u8.Length;
        header[16..SaltAt].CopyTo(info[length..]);
        length += SaltAt - 16;
        length += Encoding.UTF8.GetBytes(name, info[length..]);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret.Span, derived, header.Slice(SaltAt, SaltLength), info[..length]);
    }

    private static ChaCha20Poly1305 TakeCipher(Span<byte> derived)
    {
        var cipher = new ChaCha20Poly1305(derived[..KeyLength]);
        CryptographicOperations.ZeroMemory(derived);
        return cipher;
    }
}

using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Tributary.Primitives.Contracts;
using Tributary.Storage.Errors;
using Tributary.Storage.Files;
using Tributary.Storage.Leases;
using Tributary.Storage.Logs;

namespace Tributary.Storage.Replicas;

/// <summary>
/// A file that is only ever appended to, encrypted with ChaCha20-Poly1305 (RFC 8439) in chunks: length, ciphertext, tag. The nonce counts the
/// chunks; offset and length in the plain file are authenticated with each. Whoever opens it again cannot go on with it, so no nonce returns.
/// </summary>
internal sealed class EncryptedFile : IDisposable
{
    private const int ChunkBytesMax = 1 << 20;
    private const int TagLength = 16;
    private const int Overhead = sizeof(int) + TagLength;

    private readonly IStorageFile _file;
    private readonly ChaCha20Poly1305 _cipher;
    private ulong _chunks;
    private long _plainLength;
    private long _position = EncryptedHeader.Length;

    private EncryptedFile(IStorageFile file, ChaCha20Poly1305 cipher)
    {
        _file = file;
        _cipher = cipher;
    }

    /// <summary>Begins a file.</summary>
    /// <param name="directory">The replica's folder.</param>
    /// <param name="name">What the file is called in the end; its key depends on it.</param>
    /// <param name="unfinishedName">What it is called until then.</param>
    /// <param name="identity">The log and the writer.</param>
    /// <param name="key">The replica's secret.</param>
    /// <param name="entropy">For this file's key.</param>
    internal static EncryptedFile Create(
        IStorageDirectory directory, string name, string unfinishedName, (LogId Log, Generation Generation) identity, ReplicaKey key, IEntropy entropy)
    {
        Span<byte> header = stackalloc byte[EncryptedHeader.Length];
        directory.Remove(unfinishedName);
        var file = directory.Create(unfinishedName);
        var cipher = EncryptedHeader.Create(key, identity.Log, identity.Generation, name, entropy, header);
        try
        {
            file.Write(0, header);
            return new EncryptedFile(file, cipher);
        }
        catch
        {
            cipher.Dispose();
            file.Dispose();
            throw;
        }
    }

    /// <summary>Appends plain bytes, in one write.</summary>
    internal void Append(ReadOnlySpan<byte> plain)
    {
        var chunks = (plain.Length + ChunkBytesMax - 1) / ChunkBytesMax;
        var length = plain.Length + (chunks * Overhead);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var rest = buffer.AsSpan(0, length);
            while (!plain.IsEmpty)
            {
                var chunk = plain[..Math.Min(plain.Length, ChunkBytesMax)];
                Encrypt(chunk, rest);
                rest = rest[(chunk.Length + Overhead)..];
                plain = plain[chunk.Length..];
            }

            _file.Write(_position, buffer.AsSpan(0, length));
            _position += length;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    internal void Flush() => _file.Flush();

    internal ValueTask FlushAsync(CancellationToken cancellationToken) => _file.FlushAsync(cancellationToken);

    public void Dispose()
    {
        _cipher.Dispose();
        _file.Dispose();
    }

    /// <summary>
    /// The plain bytes of a file, up to a chunk that a crash cut short. A chunk that does not check out with more behind it is damage.
    /// Allocates what the file has.
    /// </summary>
    internal static StorageError? TryDecrypt(IStorageFile file, string location, string name, ReplicaKey key, LogId? log, out byte[] plain)
    {
        plain = [];
        if (file.Length > Array.MaxLength)
            return new StorageError(StorageErrorKind.Foreign, location, null, "is larger than any file of a replica");
        var bytes = new byte[(int)file.Length];
        bytes = bytes[..file.Read(0, bytes)];
        if (EncryptedHeader.TryOpen(key, bytes.AsSpan(0, Math.Min(bytes.Length, EncryptedHeader.Length)), location, name, out var cipher, out var found) is { } error)
            return error;

        using (cipher)
        {
            if (log is { } expected && found != expected)
                return new StorageError(StorageErrorKind.Foreign, location, 16, $"is of log {found}, not of {expected}");
            plain = new byte[bytes.Length];
            var (position, plainLength, chunk) = (EncryptedHeader.Length, 0, 0UL);
            while (TryDecryptChunk(cipher, bytes.AsSpan(position), chunk, plainLength, plain.AsSpan(plainLength), out var length))
            {
                position += length + Overhead;
                plainLength += length;
                chunk++;
            }

            plain = plain[..plainLength];
            return IsFollowed(cipher, bytes.AsSpan(position), chunk, plainLength)
                ? new StorageError(StorageErrorKind.Corrupt, location, position, "is damaged, before data that is whole")
                : null;
        }
    }

    /// <summary>True when behind a chunk that does not check out there is one that does.</summary>
    private static bool IsFollowed(ChaCha20Poly1305 cipher, ReadOnlySpan<byte> bytes, ulong chunk, long plainOffset)
    {
        if (!TryMeasure(bytes, out var length))
            return false;
        var behind = bytes[(length + Overhead)..];
        return TryDecryptChunk(cipher, behind, chunk + 1, plainOffset + length, new byte[Math.Min(behind.Length, ChunkBytesMax)], out _);
    }

    private static bool TryMeasure(ReadOnlySpan<byte> bytes, out int length) =>
        BinaryPrimitives.TryReadInt32LittleEndian(bytes, out length) && length is > 0 and <= ChunkBytesMax && length <= bytes.Length - Overhead;

    private static bool TryDecryptChunk(
        ChaCha20Poly1305 cipher, ReadOnlySpan<byte> bytes, ulong chunk, long plainOffset, Span<byte> plain, out int length)
    {
        if (!TryMeasure(bytes, out length))
            return false;
        Span<byte> nonce = stackalloc byte[12];
        Span<byte> place = stackalloc byte[sizeof(long) + sizeof(int)];
        Locate(chunk, plainOffset, length, nonce, place);
        try
        {
            cipher.Decrypt(nonce, bytes.Slice(sizeof(int), length), bytes.Slice(sizeof(int) + length, TagLength), plain[..length], place);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    private static void Locate(ulong chunk, long plainOffset, int length, Span<byte> nonce, Span<byte> place)
    {
        nonce.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(nonce[4..], chunk);
        BinaryPrimitives.WriteInt64LittleEndian(place, plainOffset);
        BinaryPrimitives.WriteInt32LittleEndian(place[sizeof(long)..], length);
    }

    private void Encrypt(ReadOnlySpan<byte> chunk, Span<byte> destination)
    {
        Span<byte> nonce = stackalloc byte[12];
        Span<byte> place = stackalloc byte[sizeof(long) + sizeof(int)];
        Locate(_chunks++, _plainLength, chunk.Length, nonce, place);
        BinaryPrimitives.WriteInt32LittleEndian(destination, chunk.Length);
        _cipher.Encrypt(nonce, chunk, destination.Slice(sizeof(int), chunk.Length), destination.Slice(sizeof(int) + chunk.Length, TagLength), place);
        _plainLength += chunk.Length;
    }
}

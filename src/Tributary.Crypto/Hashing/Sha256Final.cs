using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Tributary.Crypto;

/// <summary>The padding at the end of SHA-256 (FIPS 180-4, 5.1.1). The end of the message may be a secret, so its copy is zeroed.</summary>
internal static class Sha256Final
{
    /// <summary>Pads the last, incomplete block of a message of <paramref name="length"/> bytes and writes the hash.</summary>
    internal static void Write(ref Sha256State state, ReadOnlySpan<byte> tail, ulong length, Span<byte> hash32)
    {
        Span<byte> padded = stackalloc byte[2 * Sha256Compression.BlockLength];
        padded.Clear();
        tail.CopyTo(padded);
        padded[tail.Length] = 0x80;
        padded = padded[..(tail.Length < Sha256Compression.BlockLength - 8 ? Sha256Compression.BlockLength : 2 * Sha256Compression.BlockLength)];
        BinaryPrimitives.WriteUInt64BigEndian(padded[^8..], length * 8);
        Sha256Compression.Compress(ref state, padded);
        CryptographicOperations.ZeroMemory(padded);
        for (var i = 0; i < 8; i++)
            BinaryPrimitives.WriteUInt32BigEndian(hash32[(4 * i)..], state[i]);
    }
}

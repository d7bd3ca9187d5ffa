using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Tributary.Crypto;

/// <summary>
/// The bare stream cipher of RFC 8439, which Lightning's onions need (BOLT 4) and the platform offers only together with Poly1305. It hides
/// and does not authenticate. No allocation.
/// </summary>
public static class ChaCha20
{
    /// <summary>Bytes of a key.</summary>
    public const int KeyLength = 32;

    /// <summary>Bytes of a nonce.</summary>
    public const int NonceLength = 12;

    private const int BlockLength = 64;

    /// <summary>Fills the destination with keystream, from the given block on.</summary>
    /// <exception cref="ArgumentException">A key or nonce of another length, or more bytes than the 32-bit block counter reaches.</exception>
    public static void Keystream(ReadOnlySpan<byte> key32, ReadOnlySpan<byte> nonce12, uint blockCounter, Span<byte> destination)
    {
        destination.Clear();
        Xor(key32, nonce12, blockCounter, destination, destination);
    }

    /// <summary>Encrypts or decrypts: the input XOR the keystream from the given block on. In place is fine, other overlaps are not.</summary>
    /// <exception cref="ArgumentException">
    /// A key or nonce of another length, a destination shorter than the input, or more bytes than the 32-bit block counter reaches.
    /// </exception>
    [SkipLocalsInit]
    public static void Xor(ReadOnlySpan<byte> key32, ReadOnlySpan<byte> nonce12, uint blockCounter, ReadOnlySpan<byte> input, Span<byte> destination)
    {
        Lengths.Require(key32, KeyLength, nameof(key32));
        Lengths.Require(nonce12, NonceLength, nameof(nonce12));
        Lengths.RequireRoom(destination, input.Length, nameof(destination));
        if (input.Length > ((1L << 32) - blockCounter) * BlockLength)
            throw new ArgumentException("The block counter would start over and repeat keystream.", nameof(input));

        // The constant reads "expand 32-byte k".
        Span<uint> start = stackalloc uint[16];
        (start[0], start[1], start[2], start[3]) = (0x61707865, 0x3320646e, 0x79622d32, 0x6b206574);
        for (var i = 0; i < 8; i++)
            start[4 + i] = BinaryPrimitives.ReadUInt32LittleEndian(key32[(4 * i)..]);
        start[12] = blockCounter;
        for (var i = 0; i < 3; i++)
            start[13 + i] = BinaryPrimitives.ReadUInt32LittleEndian(nonce12[(4 * i)..]);

        Span<uint> block = stackalloc uint[16];
        for (; !input.IsEmpty; start[12]++)
        {
            Rounds(start, block);
            var bytes = MemoryMarshal.AsBytes(block)[..Math.Min(BlockLength, input.Length)];
            for (var i = 0; i < bytes.Length; i++)
                destination[i] = (byte)(input[i] ^ bytes[i]);
            input = input[bytes.Length..];
            destination = destination[bytes.Length..];
        }

        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(start));
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(block));
    }

    private static void Rounds(ReadOnlySpan<uint> start, Span<uint> block)
    {
        var (x0, x1, x2, x3) = (start[0], start[1], start[2], start[3]);
        var (x4, x5, x6, x7) = (start[4], start[5], start[6], start[7]);
        var (x8, x9, x10, x11) = (start[8], start[9], start[10], start[11]);
        var (x12, x13, x14, x15) = (start[12], start[13], start[14], start[15]);
        for (var i = 0; i < 10; i++)
        {
            QuarterRound(ref x0, ref x4, ref x8, ref x12);
            QuarterRound(ref x1, ref x5, ref x9, ref x13);
            QuarterRound(ref x2, ref x6, ref x10, ref x14);
            QuarterRound(ref x3, ref x7, ref x11, ref x15);
            QuarterRound(ref x0, ref x5, ref x10, ref x15);
            QuarterRound(ref x1, ref x6, ref x11, ref x12);
            QuarterRound(ref x2, ref x7, ref x8, ref x13);
            QuarterRound(ref x3, ref x4, ref x9, ref x14);
        }

        (block[0], block[1], block[2], block[3]) = (x0, x1, x2, x3);
        (block[4], block[5], block[6], block[7]) = (x4, x5, x6, x7);
        (block[8], block[9], block[10], block[11]) = (x8, x9, x10, x11);
        (block[12], block[13], block[14], block[15]) = (x12, x13, x14, x15);
        for (var i = 0; i < 16; i++)
        {
            var word = block[i] + start[i];
            block[i] = BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void QuarterRound(ref uint a, ref uint b, ref uint c, ref uint d)
    {
        a += b;
        d = BitOperations.RotateLeft(d ^ a, 16);
        c += d;
        b = BitOperations.RotateLeft(b ^ c, 12);
        a += b;
        d = BitOperations.RotateLeft(d ^ a, 8);
        c += d;
        b = BitOperations.RotateLeft(b ^ c, 7);
    }
}

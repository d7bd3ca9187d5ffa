using System.Buffers.Binary;
using System.Numerics;

namespace Tributary.Crypto;

/// <summary>RIPEMD-160 (Dobbertin, Bosselaers, Preneel 1996), which no platform library offers any more. No allocation.</summary>
internal static class Ripemd160Compression
{
    private const int BlockLength = 64;

    private static readonly uint[] s_leftConstants = [0, 0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xa953fd4e];

    private static readonly uint[] s_rightConstants = [0x50a28be6, 0x5c4dd124, 0x6d703ef3, 0x7a6d76e9, 0];

    // Word order, rotation and constant of each of the 80 steps, left and right line (appendix A of the paper).
    private static ReadOnlySpan<byte> LeftWords =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        7, 4, 13, 1, 10, 6, 15, 3, 12, 0, 9, 5, 2, 14, 11, 8,
        3, 10, 14, 4, 9, 15, 8, 1, 2, 7, 0, 6, 13, 11, 5, 12,
        1, 9, 11, 10, 0, 8, 12, 4, 13, 3, 7, 15, 14, 5, 6, 2,
        4, 0, 5, 9, 7, 12, 2, 10, 14, 1, 3, 8, 11, 6, 15, 13,
    ];

    private static ReadOnlySpan<byte> RightWords =>
    [
        5, 14, 7, 0, 9, 2, 11, 4, 13, 6, 15, 8, 1, 10, 3, 12,
        6, 11, 3, 7, 0, 13, 5, 10, 14, 15, 8, 12, 4, 9, 1, 2,
        15, 5, 1, 3, 7, 14, 6, 9, 11, 8, 12, 2, 10, 0, 4, 13,
        8, 6, 4, 1, 3, 11, 15, 0, 5, 12, 2, 13, 9, 7, 10, 14,
        12, 15, 10, 4, 1, 5, 8, 7, 6, 2, 13, 14, 0, 3, 9, 11,
    ];

    private static ReadOnlySpan<byte> LeftRotations =>
    [
        11, 14, 15, 12, 5, 8, 7, 9, 11, 13, 14, 15, 6, 7, 9, 8,
        7, 6, 8, 13, 11, 9, 7, 15, 7, 12, 15, 9, 11, 7, 13, 12,
        11, 13, 6, 7, 14, 9, 13, 15, 14, 8, 13, 6, 5, 12, 7, 5,
        11, 12, 14, 15, 14, 15, 9, 8, 9, 14, 5, 6, 8, 6, 5, 12,
        9, 15, 5, 11, 6, 8, 13, 12, 5, 12, 13, 14, 11, 8, 5, 6,
    ];

    private static ReadOnlySpan<byte> RightRotations =>
    [
        8, 9, 9, 11, 13, 15, 15, 5, 7, 7, 8, 11, 14, 14, 12, 6,
        9, 13, 15, 7, 12, 8, 9, 11, 7, 7, 12, 7, 6, 15, 13, 11,
        9, 7, 15, 11, 8, 6, 6, 14, 12, 13, 5, 14, 13, 13, 7, 5,
        15, 5, 8, 11, 14, 14, 6, 14, 6, 9, 12, 9, 12, 5, 15, 8,
        8, 5, 12, 9, 12, 5, 14, 6, 8, 13, 6, 5, 15, 13, 11, 11,
    ];

    internal static void Hash(ReadOnlySpan<byte> data, Span<byte> hash20)
    {
        Span<uint> state = stackalloc uint[5];
        (state[0], state[1], state[2], state[3], state[4]) = (0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
        var length = data.Length;
        for (; data.Length >= BlockLength; data = data[BlockLength..])
            Compress(state, data[..BlockLength]);

        Span<byte> padded = stackalloc byte[2 * BlockLength];
        padded.Clear();
        data.CopyTo(padded);
        padded[data.Length] = 0x80;
        padded = padded[..(data.Length < BlockLength - 8 ? BlockLength : 2 * BlockLength)];
        BinaryPrimitives.WriteUInt64LittleEndian(padded[^8..], (ulong)length * 8);
        Compress(state, padded[..BlockLength]);
        if (padded.Length > BlockLength)
            Compress(state, padded[BlockLength..]);

        for (var i = 0; i < state.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(hash20[(4 * i)..], state[i]);
    }

    private static void Compress(Span<uint> state, ReadOnlySpan<byte> block)
    {
        Span<uint> words = stackalloc uint[16];
        for (var i = 0; i < words.Length; i++)
            words[i] = BinaryPrimitives.ReadUInt32LittleEndian(block[(4 * i)..]);

        var (al, bl, cl, dl, el) = (state[0], state[1], state[2], state[3], state[4]);
        var (ar, br, cr, dr, er) = (al, bl, cl, dl, el);
        for (var round = 0; round < 5; round++)
        {
            var (leftConstant, rightConstant) = (s_leftConstants[round], s_rightConstants[round]);
            for (var i = 16 * round; i < (16 * round) + 16; i++)
            {
                var left = BitOperations.RotateLeft(al + Mix(round, bl, cl, dl) + words[LeftWords[i]] + leftConstant, LeftRotations[i]) + el;
                (al, el, dl, cl, bl) = (el, dl, BitOperations.RotateLeft(cl, 10), bl, left);
                var right = BitOperations.RotateLeft(ar + Mix(4 - round, br, cr, dr) + words[RightWords[i]] + rightConstant, RightRotations[i]) + er;
                (ar, er, dr, cr, br) = (er, dr, BitOperations.RotateLeft(cr, 10), br, right);
            }
        }

        var first = state[1] + cl + dr;
        state[1] = state[2] + dl + er;
        state[2] = state[3] + el + ar;
        state[3] = state[4] + al + br;
        state[4] = state[0] + bl + cr;
        state[0] = first;
    }

    private static uint Mix(int function, uint x, uint y, uint z) => function switch
    {
        0 => x ^ y ^ z,
        1 => (x & y) | (~x & z),
        2 => (x | ~y) ^ z,
        3 => (x & z) | (y & ~z),
        _ => x ^ (y | ~z),
    };
}

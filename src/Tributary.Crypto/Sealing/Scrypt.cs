using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Tributary.Crypto;

/// <summary>scrypt (RFC 7914): a key from a passphrase, at a price in memory that special hardware must pay too. Its memory is zeroed.</summary>
public static unsafe class Scrypt
{
    private const int SalsaBlockLength = 64;

    /// <summary>Fills the output with key material. Takes the memory and the time that the cost says.</summary>
    /// <exception cref="ArgumentException">The cost is a default instance.</exception>
    public static void DeriveKey(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, ScryptCost cost, Span<byte> output)
    {
        if (cost.BlockSize == 0)
            throw new ArgumentException("The cost was never set.", nameof(cost));

        var blockLength = 128 * cost.BlockSize;
        var rounds = 1 << cost.LogRounds;
        var mixedLength = blockLength * cost.Parallelism;

        // One allocation outside the collected heap: the blocks of each pass, the table, and a block to mix into.
        var total = (nuint)(mixedLength + cost.MemoryBytes + blockLength);
        var memory = (byte*)NativeMemory.AlignedAlloc(total, SalsaBlockLength);
        try
        {
            var mixed = new Span<byte>(memory, mixedLength);
            var table = memory + mixedLength;
            var scratch = table + cost.MemoryBytes;
            Rfc2898DeriveBytes.Pbkdf2(password, salt, mixed, 1, HashAlgorithmName.SHA256);
            for (var pass = 0; pass < cost.Parallelism; pass++)
                Mix(memory + (pass * blockLength), cost.BlockSize, rounds, table, scratch);
            Rfc2898DeriveBytes.Pbkdf2(password, mixed, output, 1, HashAlgorithmName.SHA256);
        }
        finally
        {
            NativeMemory.Clear(memory, total);
            NativeMemory.AlignedFree(memory);
        }
    }

    /// <summary>RFC 7914's scryptROMix on one block of 128 r bytes. No block is ever copied: each is mixed from where it is to where it goes.</summary>
    private static void Mix(byte* block, int blockSize, int rounds, byte* table, byte* scratch)
    {
        var length = (nuint)(128 * blockSize);
        Permute(block, 2 * blockSize, toDiagonals: true);
        NativeMemory.Copy(block, table, length);
        for (var i = 1; i < rounds; i++, table += length)
            BlockMix(table, null, table + length, blockSize);
        BlockMix(table, null, block, blockSize);
        table -= length * (nuint)(rounds - 1);

        // Rounds are an even number (a power of two from 2 up), so that after pairs of steps the result is in the block again.
        for (var i = 0; i < rounds; i += 2)
        {
            BlockMix(block, Entry(block), scratch, blockSize);
            BlockMix(scratch, Entry(scratch), block, blockSize);
        }

        Permute(block, 2 * blockSize, toDiagonals: false);

        // Integerify: the first word of the last 64 bytes, which the permutation leaves in its place, modulo a power of two.
        byte* Entry(byte* from) => table + ((*(uint*)(from + length - SalsaBlockLength) & (uint)(rounds - 1)) * length);
    }

    /// <summary>
    /// RFC 7914's scryptBlockMix of a block (XOR an entry of the table, if there is one): even results first, odd ones behind them. Blocks
    /// are kept as diagonals.
    /// </summary>
    private static void BlockMix(byte* block, byte* entry, byte* output, int blockSize)
    {
        var last = ((2 * blockSize) - 1) * SalsaBlockLength;
        Load(block, entry, last, out var a, out var b, out var c, out var d);
        for (var i = 0; i < 2 * blockSize; i++)
        {
            Load(block, entry, i * SalsaBlockLength, out var a1, out var b1, out var c1, out var d1);
            (a, b, c, d) = (a ^ a1, b ^ b1, c ^ c1, d ^ d1);
            Salsa20Core8(ref a, ref b, ref c, ref d);
            var place = (Vector128<uint>*)(output + (((i / 2) + (i % 2 * blockSize)) * SalsaBlockLength));
            (place[0], place[1], place[2], place[3]) = (a, b, c, d);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load(
        byte* block, byte* entry, int place, out Vector128<uint> a, out Vector128<uint> b, out Vector128<uint> c, out Vector128<uint> d)
    {
        var words = (Vector128<uint>*)(block + place);
        (a, b, c, d) = (words[0], words[1], words[2], words[3]);
        if (entry == null)
            return;

        words = (Vector128<uint>*)(entry + place);
        (a, b, c, d) = (a ^ words[0], b ^ words[1], c ^ words[2], d ^ words[3]);
    }

    /// <summary>Salsa20/8 (RFC 7914, section 3) on the four diagonals of the matrix: a step then is the same for all lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Salsa20Core8(ref Vector128<uint> a0, ref Vector128<uint> b0, ref Vector128<uint> c0, ref Vector128<uint> d0)
    {
        var (a, b, c, d) = (a0, b0, c0, d0);
        for (var i = 0; i < 4; i++)
        {
            b ^= Rotate(a + d, 7);
            c ^= Rotate(b + a, 9);
            d ^= Rotate(c + b, 13);
            a ^= Rotate(d + c, 18);

            // Turned by one, two and three lanes, the rows stand where the columns stood.
            b = Vector128.Shuffle(b, Vector128.Create(3u, 0, 1, 2));
            c = Vector128.Shuffle(c, Vector128.Create(2u, 3, 0, 1));
            d = Vector128.Shuffle(d, Vector128.Create(1u, 2, 3, 0));
            d ^= Rotate(a + b, 7);
            c ^= Rotate(d + a, 9);
            b ^= Rotate(c + d, 13);
            a ^= Rotate(b + c, 18);
            b = Vector128.Shuffle(b, Vector128.Create(1u, 2, 3, 0));
            c = Vector128.Shuffle(c, Vector128.Create(2u, 3, 0, 1));
            d = Vector128.Shuffle(d, Vector128.Create(3u, 0, 1, 2));
        }

        (a0, b0, c0, d0) = (a0 + a, b0 + b, c0 + c, d0 + d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Rotate(Vector128<uint> value, int bits) => (value << bits) | (value >>> (32 - bits));

    /// <summary>Between the bytes of 64-byte blocks and their diagonals as machine words.</summary>
    private static void Permute(byte* bytes, int blocks, bool toDiagonals)
    {
        var words = stackalloc uint[16];
        for (var block = 0; block < blocks; block++, bytes += SalsaBlockLength)
        {
            var source = new Span<byte>(bytes, SalsaBlockLength);
            for (var i = 0; i < 16; i++)
            {
                // The k-th diagonal starts at word 4 k and goes on five words further each time, around the matrix.
                var diagonal = ((4 * (i / 4)) + (5 * (i % 4))) % 16;
                if (toDiagonals)
                    words[i] = BinaryPrimitives.ReadUInt32LittleEndian(source[(4 * diagonal)..]);
                else
                    words[diagonal] = ((uint*)bytes)[i];
            }

            for (var i = 0; i < 16; i++)
            {
                if (toDiagonals)
                    ((uint*)bytes)[i] = words[i];
                else
                    BinaryPrimitives.WriteUInt32LittleEndian(source[(4 * i)..], words[i]);
            }
        }

        CryptographicOperations.ZeroMemory(new Span<byte>(words, SalsaBlockLength));
    }
}

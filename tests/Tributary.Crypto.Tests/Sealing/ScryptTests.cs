using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Tributary.Crypto.Tests.Sealing;

public sealed class ScryptTests
{
    // RFC 7914, section 12; its fourth vector takes a gibibyte and is above the limit.
    [Theory]
    [InlineData("", "", 4, 1, 1, "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906")]
    [InlineData("password", "NaCl", 10, 8, 16, "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640")]
    [InlineData("pleaseletmein", "SodiumChloride", 14, 8, 1, "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887")]
    public void The_vectors_of_RFC_7914_come_out(string password, string salt, int logRounds, int blockSize, int parallelism, string key)
    {
        Assert.True(ScryptCost.TryCreate(logRounds, blockSize, parallelism, out var cost));
        var derived = new byte[64];
        Scrypt.DeriveKey(Encoding.ASCII.GetBytes(password), Encoding.ASCII.GetBytes(salt), cost, derived);
        Assert.Equal(key, Convert.ToHexStringLower(derived));
    }

    [Fact]
    public void The_vectorized_mixing_agrees_with_the_RFCs_text_word_by_word() =>
        Check.QuickThrowOnFailure(Prop.ForAll((byte[] password, byte[] salt, byte shape) =>
        {
            Assert.True(ScryptCost.TryCreate(1 + (shape % 5), 1 + (shape / 5 % 3), 1 + (shape / 15 % 3), out var cost));
            var derived = new byte[40];
            Scrypt.DeriveKey(password, salt, cost, derived);
            return derived.AsSpan().SequenceEqual(PlainScrypt(password, salt, cost, derived.Length));
        }));

    [Theory]
    [InlineData(0, 8, 1)]
    [InlineData(21, 8, 1)]
    [InlineData(19, 8, 1)]
    [InlineData(16, 1, 1)]
    [InlineData(10, 0, 1)]
    [InlineData(10, 33, 1)]
    [InlineData(10, 8, 0)]
    [InlineData(10, 8, 17)]
    [InlineData(-1, -1, -1)]
    public void Costs_out_of_bounds_are_refused(int logRounds, int blockSize, int parallelism) =>
        Assert.False(ScryptCost.TryCreate(logRounds, blockSize, parallelism, out _));

    [Fact]
    public void The_default_cost_takes_64_MiB_twice()
    {
        Assert.Equal(64L << 20, ScryptCost.Default.MemoryBytes);
        Assert.Equal(128L << 20, ScryptCost.Default.Work);
        Assert.Equal("N=2^16 r=8 p=2", ScryptCost.Default.ToString());
        Assert.Equal(256L << 20, ScryptCost.Maximum.MemoryBytes);
        Assert.Throws<ArgumentException>(() => Scrypt.DeriveKey([], [], default, new byte[32]));
    }

    // RFC 7914, sections 3 to 6, as they read.
    private static byte[] PlainScrypt(byte[] password, byte[] salt, ScryptCost cost, int length)
    {
        var blockLength = 128 * cost.BlockSize;
        var mixed = Rfc2898DeriveBytes.Pbkdf2(password, salt, 1, HashAlgorithmName.SHA256, blockLength * cost.Parallelism);
        for (var pass = 0; pass < cost.Parallelism; pass++)
        {
            var x = mixed.AsSpan(pass * blockLength, blockLength).ToArray();
            var table = new byte[1 << cost.LogRounds][];
            for (var i = 0; i < table.Length; i++)
            {
                table[i] = x;
                x = BlockMix(x);
            }

            for (var i = 0; i < table.Length; i++)
            {
                var j = (int)(BinaryPrimitives.ReadUInt64LittleEndian(x.AsSpan(blockLength - 64)) % (ulong)table.Length);
                x = BlockMix(x.Zip(table[j], (a, b) => (byte)(a ^ b)).ToArray());
            }

            x.CopyTo(mixed, pass * blockLength);
        }

        return Rfc2898DeriveBytes.Pbkdf2(password, mixed, 1, HashAlgorithmName.SHA256, length);
    }

    private static byte[] BlockMix(byte[] blocks)
    {
        var count = blocks.Length / 64;
        var x = blocks[^64..];
        var output = new byte[blocks.Length];
        for (var i = 0; i < count; i++)
        {
            x = Salsa(x.Zip(blocks.AsSpan(64 * i, 64).ToArray(), (a, b) => (byte)(a ^ b)).ToArray());
            x.CopyTo(output, 64 * ((i / 2) + (i % 2 == 0 ? 0 : count / 2)));
        }

        return output;
    }

    private static byte[] Salsa(byte[] block)
    {
        var words = new uint[16];
        for (var i = 0; i < 16; i++)
            words[i] = BinaryPrimitives.ReadUInt32LittleEndian(block.AsSpan(4 * i));
        var x = (uint[])words.Clone();
        for (var i = 0; i < 4; i++)
        {
            for (var c = 0; c < 4; c++)
                Quarter(5 * c % 16, (4 + (5 * c)) % 16, (8 + (5 * c)) % 16, (12 + (5 * c)) % 16);
            for (var r = 0; r < 4; r++)
                Quarter(5 * r % 16, (4 * r) + ((r + 1) % 4), (4 * r) + ((r + 2) % 4), (4 * r) + ((r + 3) % 4));
        }

        var output = new byte[64];
        for (var i = 0; i < 16; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(output.AsSpan(4 * i), x[i] + words[i]);
        return output;

        void Quarter(int a, int b, int c, int d)
        {
            x[b] ^= BitOperations.RotateLeft(x[a] + x[d], 7);
            x[c] ^= BitOperations.RotateLeft(x[b] + x[a], 9);
            x[d] ^= BitOperations.RotateLeft(x[c] + x[b], 13);
            x[a] ^= BitOperations.RotateLeft(x[d] + x[c], 18);
        }
    }
}

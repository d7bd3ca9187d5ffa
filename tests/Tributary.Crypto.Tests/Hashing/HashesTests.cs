using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Tributary.Crypto.Tests.Hashing;

public sealed class HashesTests
{
    // FIPS 180-4 examples, and the million letters a.
    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    public void Sha256_matches_the_standards_examples(string text, string hash) =>
        Assert.Equal(hash, Hashes.Sha256(Encoding.ASCII.GetBytes(text)).ToString());

    // The paper's table (Dobbertin, Bosselaers, Preneel; homes.esat.kuleuven.be/~bosselae/ripemd160.html).
    [Theory]
    [InlineData("", "9c1185a5c5e9fc54612808977ee8f548b2258d31")]
    [InlineData("a", "0bdc9d2d256b3ee9daae347be6f4dc835a467ffe")]
    [InlineData("abc", "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc")]
    [InlineData("message digest", "5d0689ef49d2fae572b881b123a85ffa21595f36")]
    [InlineData("abcdefghijklmnopqrstuvwxyz", "f71c27109c692c1b56bbdceb5b9d2865b3708dbc")]
    [InlineData("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "12a053384a9c0c88e405a06c27dcf49ada62eb2b")]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "b0e20b6e3116640286ed3a87a5713079b21f5189")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345678901234567890", "9b752e45573d4b39f4dbd3323cab82bf63326bfb")]
    public void Ripemd160_matches_its_published_vectors(string text, string hash)
    {
        var computed = new byte[20];
        Hashes.Ripemd160(Encoding.ASCII.GetBytes(text), computed);
        Assert.Equal(hash, Convert.ToHexStringLower(computed));
    }

    [Fact]
    public void A_million_letters_hash_to_the_published_values()
    {
        var text = new byte[1_000_000];
        text.AsSpan().Fill((byte)'a');
        var computed = new byte[20];
        Hashes.Ripemd160(text, computed);
        Assert.Equal("52783243c1697bdbe16d37f97f68f08325dc1528", Convert.ToHexStringLower(computed));
        Assert.Equal("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0", Hashes.Sha256(text).ToString());
        Hashes.Sha1(text, computed);
        Assert.Equal("34aa973cd4c4daa4f61eeb2bdbad27316534016f", Convert.ToHexStringLower(computed));
    }

    [Fact]
    public void Sha256_agrees_with_the_platform_in_one_piece_and_in_many() =>
        Check.QuickThrowOnFailure(Prop.ForAll((byte[] seed, byte cut, ushort length) =>
        {
            var data = new byte[length % 700];
            for (var i = 0; i < data.Length; i++)
                data[i] = (byte)(i + (seed.Length == 0 ? 0 : seed[i % seed.Length]));
            var expected = SHA256.HashData(data);

            var stream = default(Sha256Stream);
            var step = 1 + (cut % 130);
            for (var i = 0; i < data.Length; i += step)
                stream.Append(data.AsSpan(i, Math.Min(step, data.Length - i)));
            var fork = stream;
            var (streamed, forked) = (new byte[32], new byte[32]);
            stream.Finish(streamed);
            fork.Finish(forked);
            return Hashes.Sha256(data).Span.SequenceEqual(expected) && streamed.SequenceEqual(expected) && forked.SequenceEqual(expected);
        }));

    [Fact]
    public void A_finished_stream_starts_over()
    {
        var stream = default(Sha256Stream);
        var hash = new byte[32];
        stream.Append("something else"u8);
        stream.Finish(hash);
        stream.Append("abc"u8);
        stream.Finish(hash);
        Assert.Equal(SHA256.HashData("abc"u8), hash);
        stream.FinishDouble(hash);
        Assert.Equal(SHA256.HashData(SHA256.HashData([])), hash);
    }

    [Fact]
    public void The_managed_compression_agrees_with_the_accelerated_one() =>
        Check.QuickThrowOnFailure(Prop.ForAll((byte[] seed, byte blocks) =>
        {
            var data = new byte[64 * (blocks % 20)];
            for (var i = 0; i < data.Length; i++)
                data[i] = (byte)((i * 31) + (seed.Length == 0 ? 0 : seed[i % seed.Length]));
            var (left, right) = (Sha256State.Initial, Sha256State.Initial);
            Sha256Compression.Compress(ref left, data);
            Sha256Compression.CompressManaged(ref right, data);
            return ((ReadOnlySpan<uint>)left).SequenceEqual(right);
        }));

    [Fact]
    public void A_tagged_hash_is_the_hash_of_the_doubled_tag_hash_and_the_data() =>
        Check.QuickThrowOnFailure(Prop.ForAll((byte[] tag, byte[] data) =>
        {
            var tagHash = SHA256.HashData(tag);
            var expected = SHA256.HashData([.. tagHash, .. tagHash, .. data]);
            var hasher = new TaggedHasher(tag);
            var half = data.Length / 2;
            return Hashes.TaggedHash(tag, data).Span.SequenceEqual(expected)
                && hasher.Hash(data).Span.SequenceEqual(expected)
                && hasher.HashPair(data.AsSpan(0, half), data.AsSpan(half)).Span.SequenceEqual(expected);
        }));

    [Fact]
    public void Double_and_mixed_hashes_are_compositions()
    {
        var data = "Tributary"u8.ToArray();
        var once = SHA256.HashData(data);
        Assert.Equal(SHA256.HashData(once), Hashes.Sha256d(data).ToArray());
        var (hash160, ripemd) = (new byte[20], new byte[20]);
        Hashes.Hash160(data, hash160);
        Hashes.Ripemd160(once, ripemd);
        Assert.Equal(ripemd, hash160);
    }

    [Fact]
    public void Hashing_allocates_nothing()
    {
        var (data, hash) = (new byte[300], new byte[64]);
        Hash();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            Hash();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Hash()
        {
            Hashes.Sha256(data, hash);
            Hashes.Sha256d(data, hash);
            Hashes.Hash160(data, hash);
            Hashes.Ripemd160(data, hash);
            Hashes.Sha1(data, hash);
            Hashes.Sha512(data, hash);
            Hashes.HmacSha256(data, data, hash);
            _ = Hashes.TaggedHash("TapLeaf"u8, data);
            _ = TaggedHashes.TapLeaf.Hash(data);
            var stream = TaggedHashes.TapSighash.Start();
            stream.Append(data);
            stream.Append(7);
            stream.Finish(hash);
        }
    }
}

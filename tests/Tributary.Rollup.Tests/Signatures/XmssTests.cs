using System.Buffers.Binary;
using System.Security.Cryptography;
using Tributary.Finance.Accounts;
using Tributary.Proofs.Fields;
using Tributary.Rollup.Signatures;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Tests.Signatures;

public sealed class XmssTests
{
    private static readonly byte[] Seed = [.. Enumerable.Range(1, 32).Select(static i => (byte)i)];

    private static XmssKey Create(int logLifetime, uint? active = null, int threads = 1) =>
        XmssKey.Create(Seed, new XmssKeyOptions { LogLifetime = logLifetime, Active = active, Threads = threads }, TestContext.Current.CancellationToken);

    private static TreeDigest Message(uint number)
    {
        var digest = default(TreeDigest);
        for (var i = 0; i < TreeDigest.Elements; i++)
            digest[i] = number + (uint)i;
        return digest;
    }

    private static uint[] Values(TreeDigest digest) => [.. digest.Span.ToArray().Select(static element => element.Value)];

    /// <summary>Our own: the key of the seed 01 02 … 20 (hex), one-time keys 2^log, and the SHA-256 of the signature of the message (n, n + 1, …, n + 7).</summary>
    public static TheoryData<int, string, uint, uint, string> Vectors() => new()
    {
        { 1, "b7601068236b8978f696b518d7c3f276b84a724131eb6b71ae211d408cc89825", 0, 1, "31b31d8e203492cf759e1716e4ef6f0197ae95ee0b9b6cc75ceda5c948a98f8e" },
        { 4, "8aa7e23a548ecb768ccfe843ac643b10a3f4d57dac643c6a5298755da738124c", 13, 2000000000, "db31905bff0d7a0f1a8334698cbf1655333bc121fef4b33bd597e8e5cf481e46" },
        { 9, "d0d2433f50874a19d796cd0d5636410385c83264c76d0f2a49f9e04065808323", 300, 7, "38cf80177a14f6b09fb2b95e03ebd114d1f5eec7fc143ae5cbc2efcab8bbe7ae" },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Keys_and_signatures_are_those_of_the_vectors(int logLifetime, string root, uint index, uint number, string signatureHash)
    {
        using var key = Create(logLifetime);
        var signature = key.Sign(index, Message(number)).Value;
        var (actualRoot, actualHash) = (key.PublicKey.Root.ToString(), Convert.ToHexStringLower(SHA256.HashData(signature)));
        Assert.True(string.Equals(root, actualRoot, StringComparison.Ordinal) && string.Equals(signatureHash, actualHash, StringComparison.Ordinal), $"{actualRoot} {actualHash}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void The_fast_scheme_is_the_plain_one(int logLifetime)
    {
        using var key = Create(logLifetime);
        var reference = new XmssReference(Seed, logLifetime);
        Assert.True(TreeDigest.TryFromBytes32(key.PublicKey.Root, out var root));
        Assert.Equal(reference.KeyRoot, Values(root));
        for (var index = 0u; index < 1u << logLifetime; index++)
            Assert.Equal(reference.Sign(index, Values(Message(index * 77))), key.Sign(index, Message(index * 77)).Value);
    }

    [Fact]
    public void A_signature_holds_for_its_key_index_and_message_alone()
    {
        using var key = Create(9);
        foreach (var index in (uint[])[0, 1, 255, 256, 510, 511])
        {
            var signature = key.Sign(index, Message(index)).Value;
            Assert.Null(XmssVerifier.Verify(key.PublicKey, index, Message(index), signature));
            Assert.Equal(signature, key.Sign(index, Message(index)).Value);
            Assert.NotNull(XmssVerifier.Verify(key.PublicKey, index ^ 1, Message(index), signature));
            Assert.NotNull(XmssVerifier.Verify(key.PublicKey, index, Message(index + 1), signature));
        }

        using var other = XmssKey.Create(SHA256.HashData(Seed), new XmssKeyOptions { LogLifetime = 9 }, TestContext.Current.CancellationToken);
        Assert.NotNull(XmssVerifier.Verify(other.PublicKey, 0, Message(0), key.Sign(0, Message(0)).Value));
        Assert.Equal("index", XmssVerifier.Verify(key.PublicKey, 512, Message(0), key.Sign(0, Message(0)).Value)!.Field);
        Assert.Equal("index", key.Sign(512, Message(0)).Error.Field);
        Assert.Equal("key", XmssVerifier.Verify(key.PublicKey with { Parameters = new KeyParameters(2, 9) }, 0, Message(0), [])!.Field);
        Assert.Equal("signature.length", XmssVerifier.Verify(key.PublicKey with { Parameters = new KeyParameters(1, 8) }, 0, Message(0), key.Sign(0, Message(0)).Value)!.Field);
    }

    [Fact]
    public void Every_changed_byte_is_refused_and_every_element_has_one_form()
    {
        using var key = Create(3);
        var signature = key.Sign(5, Message(9)).Value;
        Assert.Equal(Xmss.SignatureLength(3), signature.Length);
        for (var place = 0; place < signature.Length; place++)
        {
            var changed = signature.ToArray();
            changed[place] ^= (byte)(1 + (place % 255));
            Assert.NotNull(XmssVerifier.Verify(key.PublicKey, 5, Message(9), changed));
        }

        var moved = 0;
        for (var place = 0; place < signature.Length; place += 4)
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(signature.AsSpan(place));
            var changed = signature.ToArray();
            BinaryPrimitives.WriteUInt32LittleEndian(changed.AsSpan(place), word + KoalaBear.Modulus);
            Assert.Equal("signature", XmssVerifier.Verify(key.PublicKey, 5, Message(9), changed)!.Field);
            moved++;
        }

        Assert.Equal(signature.Length / 4, moved);
        Assert.NotNull(XmssVerifier.Verify(key.PublicKey, 5, Message(9), [.. signature, 0]));
        Assert.NotNull(XmssVerifier.Verify(key.PublicKey, 5, Message(9), signature.AsSpan(..^4)));
        Assert.NotNull(XmssVerifier.Verify(key.PublicKey, 5, Message(9), []));
    }

    [Fact]
    public void A_signature_with_a_longer_chain_than_it_shows_is_refused()
    {
        // Whoever sees a signature can take chains on, but digits that all grow do not add up to the target.
        using var key = Create(2);
        var signature = key.Sign(1, Message(3)).Value;
        var random = new TestRandom(3);
        for (var i = 0; i < 500; i++)
        {
            var forged = signature.ToArray();
            random.Bytes(4 * Xmss.RandomnessElements).CopyTo(forged, 0);
            for (var k = 3; k < 4 * Xmss.RandomnessElements; k += 4)
                forged[k] &= 0x3f;
            Assert.NotNull(XmssVerifier.Verify(key.PublicKey, 1, Message(3), forged));
        }
    }

    [Fact]
    public void Only_what_was_made_of_a_key_signs()
    {
        using var key = Create(31, active: 1, threads: 2);
        Assert.Equal(256u, key.Active);
        var last = key.PublicKey.Parameters.LastIndex;
        foreach (var index in (uint[])[0, 255, last, last - 1])
            Assert.Null(XmssVerifier.Verify(key.PublicKey, index, Message(1), key.Sign(index, Message(1)).Value));
        Assert.Equal("index", key.Sign(256, Message(1)).Error.Field);
        Assert.Equal("index", key.Sign(1u << 30, Message(1)).Error.Field);
    }

    [Fact]
    public void A_key_of_which_all_is_made_does_not_depend_on_threads()
    {
        using var one = Create(10);
        using var two = Create(10, threads: 2);
        using var part = Create(10, active: 600);
        Assert.Equal(one.PublicKey, two.PublicKey);
        Assert.NotEqual(one.PublicKey.Root, Create(10, active: 300).PublicKey.Root);
        Assert.Equal(768u, part.Active);
        Assert.Equal(one.PublicKey, part.PublicKey);
        Assert.Throws<ArgumentException>(static () => Create(0));
        Assert.Throws<ArgumentException>(static () => Create(32));
        Assert.Throws<ArgumentException>(static () => XmssKey.Create(new byte[31], new XmssKeyOptions(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Encodings_are_as_rare_as_counted_and_never_comparable()
    {
        var random = new TestRandom(4);
        var found = new List<byte[]>();
        const int draws = 400_000;
        var hash = new KoalaBear[XmssHash.MessageElements];
        for (var i = 0; i < draws; i++)
        {
            foreach (ref var element in hash.AsSpan())
                element = KoalaBear.FromUInt64(random.NextUInt64() >> 1);
            var digits = new byte[Xmss.Chains];
            if (XmssHash.TryEncode(hash, digits))
                found.Add(digits);
        }

        // The chance is 1/913.3; five deviations either way.
        Assert.InRange(found.Count, 438 - 105, 438 + 105);
        foreach (var a in found)
        {
            Assert.Equal(Xmss.TargetSum, a.Sum(static digit => digit));
            foreach (var b in found.Where(b => !ReferenceEquals(a, b)))
                Assert.Contains(a.Zip(b), static pair => pair.First < pair.Second);
        }

        hash[3] = -1;
        Assert.False(XmssHash.TryEncode(hash, new byte[Xmss.Chains]));
    }
}

using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Tributary.Testing;

namespace Tributary.Crypto.Tests.Signatures;

public sealed class EcdsaTests
{
    private const string One = "0000000000000000000000000000000000000000000000000000000000000001";

    // Haskoin's table for RFC 6979 on secp256k1 (bitcointalk.org topic 285142); the last two from Bitcoin Core's key_tests, hashed twice.
    [Theory]
    [InlineData(One, "Satoshi Nakamoto", false, "934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d82442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5")]
    [InlineData(One, "All those moments will be lost in time, like tears in rain. Time to die...", false, "8600dbd41e348fe5c9465ab92d23e3db8b98b873beecd930736488696438cb6b547fe64427496db33bf66019dacbf0039c04199abb0122918601db38a72cfc21")]
    [InlineData("12b004fff7f4b69ef8650e767f18f11ede158148b425660723b9f9a66e61f747", "Very deterministic message", true, "5dbbddda71772d95ce91cd2d14b592cfbc1dd0aabd6a394b6c2d377bbe59d31d14ddda21494a4e221f0824f0b8b924c43fa43c0ad57dccdaa11f81a6bd4582f6")]
    [InlineData("b524c28b61c9b2c49b2c7dd4c2d75887abb78768c054bd7c01af4029f6c0d117", "Very deterministic message", true, "52d8a32079c11e79db95af63bb9600c5b04f21a9ca33dc129c2bfa8ac9dc1cd561d8ae5e0f6c1a16bde3719c64c2fd70e404b6428ab9a69566962e8771b5944d")]
    public void Nonces_follow_RFC_6979(string secret, string message, bool twice, string signature)
    {
        using var key = Key(secret);
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes(message));
        if (twice)
            hash = SHA256.HashData(hash);
        var made = new byte[64];
        Ecdsa.Sign(key, hash, made);
        Assert.Equal(signature, Convert.ToHexStringLower(made));
        Assert.True(Ecdsa.Verify(key.PublicKey, made, hash));
    }

    // Made with an independent implementation of RFC 6979 and Bitcoin Core's counter; 1, 3 and 5 tries.
    [Theory]
    [InlineData("low R 1", "50fd3e25cbc037b331e08e8d3614033be0eb48b5a191731b95f60623780fe73c29c4a4179c7fa8ab69fcfdeb6f3320a62f518ad7b9d346cc9388354d20d473fe")]
    [InlineData("low R 9", "168f7c64639b323b20b2fc3213cd76b286475335dd8313e1fc38a43bd99ac33666bf9847d641efce43269a8f3e6ab53cb839299114228cebf8fcb82c1c5b3b5d")]
    [InlineData("low R 27", "1225142e886900db256c20e59635dae2df0559a1afe6fa099bb63cbdb732c26d5b8f210d2f17a503b5ce1a2212936f2707f64f4f108c1265d935238c7fb01849")]
    public void Low_R_is_searched_with_the_counter_of_Bitcoin_Core(string message, string signature)
    {
        using var key = Key(12345.ToString("x64"));
        var made = new byte[64];
        Ecdsa.SignLowR(key, SHA256.HashData(Encoding.ASCII.GetBytes(message)), made);
        Assert.Equal(signature, Convert.ToHexStringLower(made));
    }

    [Fact]
    public void Signatures_have_low_S_and_low_R_and_go_through_every_encoding() =>
        Check.QuickThrowOnFailure(Prop.ForAll((ulong seed) =>
        {
            var entropy = new SeededEntropy(seed);
            using var key = SecretKey.Generate(entropy);
            var (hash, signature, der, back) = (new byte[32], new byte[64], new byte[72], new byte[64]);
            entropy.Fill(hash);
            Ecdsa.SignLowR(key, hash, signature);
            var length = Ecdsa.CompactToDer(signature, der);
            Assert.True(signature[0] < 0x80 && length <= 70 && Ecdsa.IsLowS(der.AsSpan(0, length)));
            Assert.True(Ecdsa.TryParseDer(der.AsSpan(0, length), back) && back.AsSpan().SequenceEqual(signature));
            Assert.True(Ecdsa.TryParseLaxDer(der.AsSpan(0, length), back) && back.AsSpan().SequenceEqual(signature));
            Assert.True(Ecdsa.VerifyLax(key.PublicKey.ToBytes(), der.AsSpan(0, length), hash));

            // The twin with n − S is valid to consensus and to nobody else.
            NegateS(back);
            length = Ecdsa.CompactToDer(back, der);
            Assert.False(Ecdsa.Verify(key.PublicKey, back, hash));
            Assert.False(Ecdsa.IsLowS(der.AsSpan(0, length)));
            Assert.True(Ecdsa.VerifyLax(key.PublicKey.ToBytes(), der.AsSpan(0, length), hash));
            Assert.True(Ecdsa.NormalizeS(back));
            Assert.False(Ecdsa.NormalizeS(back));
            Assert.Equal(signature, back);

            hash[5] ^= 1;
            return !Ecdsa.Verify(key.PublicKey, signature, hash) && !Ecdsa.VerifyLax(key.PublicKey.ToBytes(), der.AsSpan(0, length), hash);
        }));

    // Made with an independent implementation: keys 1, 2, 3 and 7 over SHA-256 of "recover".
    [Theory]
    [InlineData(1, "794c3b65dce30f56073735c4d1e4cd0f2d0a2e727ae1f301301ce238fee44189442d599f4812fbdb1d2a82bdb24d71d56fed114c6c3e4b08cb8667615ce5874d", 0)]
    [InlineData(2, "d25cef4c3b4729396b396f7a909b8e7382ef03c2f3ea019beea003cf6c5e41b45c6108bd3853e080992d3fd129a5d2f702209eb305b334041f9e62260d7c50a8", 0)]
    [InlineData(3, "5111c4fb2dda2328925940f0378ad66a877f62092addc64d00487280f3b19dd32d4398341627bb4a0826ce9f471669f2303b52b9ab7dcfaafda7f7727e98c35d", 0)]
    [InlineData(7, "ebb47598a92ab6db980e9cf3954f330d0c4250b3df396ddc87c448941578b1780476bbd2d867c44e7ffdeba49d3e28639eb4abe4e6992e264e6078e10d6b83f9", 1)]
    public void A_recoverable_signature_gives_back_its_key(int scalar, string signature, int recoveryId)
    {
        using var key = Key(scalar.ToString("x64"));
        var hash = SHA256.HashData("recover"u8);
        var made = Ecdsa.SignRecoverable(key, hash);
        Assert.Equal($"{signature}:{recoveryId}", made.ToString());
        Assert.Equal(new RecoverableSignature(Convert.FromHexString(signature), recoveryId), made);
        Assert.True(Ecdsa.TryRecover(made, hash, out var recovered));
        Assert.Equal(key.PublicKey, recovered);

        var flipped = new RecoverableSignature(made.Span, recoveryId ^ 1);
        Assert.NotEqual(made, flipped);
        Assert.True(Ecdsa.TryRecover(flipped, hash, out recovered));
        Assert.NotEqual(key.PublicKey, recovered);
        Assert.False(Ecdsa.TryRecover(new RecoverableSignature(made.Span, recoveryId | 2), hash, out _));
        Assert.False(Ecdsa.TryRecover(new RecoverableSignature(new byte[64], 0), hash, out _));
        Assert.False(Ecdsa.TryRecover(default, hash, out _));
        Assert.False(Ecdsa.TryRecover(made, hash.AsSpan(1), out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RecoverableSignature(made.Span, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RecoverableSignature(made.Span, -1));
        Assert.Throws<ArgumentException>(() => new RecoverableSignature(made.Span[1..], 0));
    }

    [Fact]
    public void Wycheproofs_signatures_are_judged_as_it_says()
    {
        using var vectors = Vectors.Json("crypto/wycheproof_ecdsa_secp256k1_sha256_bitcoin.json");
        var count = 0;
        foreach (var group in vectors.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            Assert.True(PublicKey.TryParse(Bytes(group.GetProperty("publicKey").GetProperty("uncompressed").GetString()!), out var key));
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                var hash = SHA256.HashData(Bytes(test.GetProperty("msg").GetString()!));
                var compact = new byte[64];
                var valid = Ecdsa.TryParseDer(Bytes(test.GetProperty("sig").GetString()!), compact) && Ecdsa.Verify(key, compact, hash);
                Assert.True(valid == string.Equals(test.GetProperty("result").GetString(), "valid", StringComparison.Ordinal), test.ToString());

                // Consensus takes more than the strict reading, never less.
                if (valid)
                    Assert.True(Ecdsa.VerifyLax(key.ToBytes(), Bytes(test.GetProperty("sig").GetString()!), hash), test.ToString());
                count++;
            }
        }

        Assert.Equal(vectors.RootElement.GetProperty("numberOfTests").GetInt32(), count);
    }

    [Fact]
    public void Every_kind_of_bad_input_is_false_and_nothing_worse()
    {
        using var key = Key(One);
        var (hash, compact, der) = (new byte[32], new byte[64], new byte[72]);
        Ecdsa.Sign(key, hash, compact);
        var signature = der.AsSpan(0, Ecdsa.CompactToDer(compact, der)).ToArray();
        var publicKey = key.PublicKey.ToBytes();
        Assert.True(Ecdsa.VerifyLax(publicKey, signature, hash));
        Assert.False(Ecdsa.VerifyLax([], signature, hash));
        Assert.False(Ecdsa.VerifyLax(new byte[33], signature, hash));
        Assert.False(Ecdsa.VerifyLax(publicKey.AsSpan(1), signature, hash));
        Assert.False(Ecdsa.VerifyLax(publicKey, [], hash));
        Assert.False(Ecdsa.VerifyLax(publicKey, signature, hash.AsSpan(1)));
        Assert.False(Ecdsa.VerifyLax(publicKey, signature, []));
        Assert.False(Ecdsa.Verify(key.PublicKey, compact.AsSpan(1), hash));
        Assert.False(Ecdsa.Verify(key.PublicKey, compact, hash.AsSpan(1)));
        Assert.False(Ecdsa.Verify(key.PublicKey, new byte[64], hash));
        Assert.False(Ecdsa.Verify(key.PublicKey, Enumerable.Repeat((byte)0xff, 64).ToArray(), hash));
        Assert.False(Ecdsa.IsLowS([]));
        Assert.False(Ecdsa.NormalizeS(Enumerable.Repeat((byte)0xff, 64).ToArray()));
        Assert.Throws<ArgumentException>(() => Ecdsa.CompactToDer(Enumerable.Repeat((byte)0xff, 64).ToArray(), der));
        Assert.Throws<ArgumentException>(() => Ecdsa.CompactToDer(compact, new byte[8]));
        Assert.Throws<ArgumentException>(() => Ecdsa.CompactToDer(compact, []));
        Assert.Throws<ArgumentException>(() => Ecdsa.Sign(key, hash.AsSpan(1), compact));
        Assert.Throws<ArgumentException>(() => Ecdsa.Sign(key, hash, compact.AsSpan(1)));
    }

    [Fact]
    public void Checking_signatures_allocates_nothing()
    {
        using var key = Key(One);
        var (hash, compact, der, schnorr) = (new byte[32], new byte[64], new byte[72], new byte[64]);
        Ecdsa.Sign(key, hash, compact);
        Schnorr.Sign(key, hash, new byte[32], schnorr);
        var signature = der.AsSpan(0, Ecdsa.CompactToDer(compact, der)).ToArray();
        var (publicKey, parsed) = (key.PublicKey.ToBytes(), key.PublicKey);
        var (xOnly, xOnlyParsed) = (key.PublicKey.ToXOnly().ToBytes(), key.PublicKey.ToXOnly());
        Assert.True(CheckAll());
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20; i++)
            CheckAll();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        bool CheckAll()
        {
            Span<byte> made = stackalloc byte[64];
            Ecdsa.Sign(key, hash, made);
            Schnorr.Sign(key, hash, hash, made);
            return Ecdsa.VerifyLax(publicKey, signature, hash)
                && Ecdsa.Verify(parsed, compact, hash)
                && Ecdsa.IsLowS(signature)
                && Schnorr.Verify(xOnly, hash, schnorr)
                && Schnorr.Verify(xOnlyParsed, hash, schnorr)
                && !XOnlyPublicKey.CheckTapTweak(xOnly, true, xOnly, hash)
                && Ecdsa.TryRecover(Ecdsa.SignRecoverable(key, hash), hash, out _);
        }
    }

    private static void NegateS(Span<byte> compact)
    {
        Assert.True(SecretKey.TryCreate(compact[32..], out var s));
        using var negated = s.Negate();
        negated.WriteTo(compact[32..]);
        s.Dispose();
    }

    private static SecretKey Key(string hex) =>
        SecretKey.TryCreate(Convert.FromHexString(hex), out var key) ? key : throw new ArgumentException("Not a key.", nameof(hex));

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex);
}

using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using Tributary.Testing;

namespace Tributary.Crypto.Tests.KeyAgreement;

public sealed class EcdhTests
{
    // SubjectPublicKeyInfo of a secp256k1 key (RFC 5480), up to the point.
    private const string Uncompressed = "3056301006072a8648ce3d020106052b8104000a034200";
    private const string Compressed = "3036301006072a8648ce3d020106052b8104000a032200";

    [Fact]
    public void Both_sides_agree_and_the_hash_is_of_the_compressed_point() =>
        Check.QuickThrowOnFailure(Prop.ForAll((ulong seed) =>
        {
            var entropy = new SeededEntropy(seed);
            using var alice = SecretKey.Generate(entropy);
            using var bob = SecretKey.Generate(entropy);
            var (left, right, x) = (new byte[32], new byte[32], new byte[32]);
            Ecdh.SharedSecret(alice, bob.PublicKey, left);
            Ecdh.SharedSecret(bob, alice.PublicKey, right);
            Ecdh.SharedX(alice, bob.PublicKey, x);
            var scalar = new byte[32];
            alice.WriteTo(scalar);
            Assert.True(bob.PublicKey.TweakMultiply(scalar, out var shared));
            return left.AsSpan().SequenceEqual(right)
                && left.AsSpan().SequenceEqual(SHA256.HashData(shared.ToBytes()))
                && x.AsSpan().SequenceEqual(shared.ToXOnly().ToBytes());
        }));

    // BOLT 8, appendix A, act one: rs.priv with ls' ephemeral key.
    [Fact]
    public void The_secret_of_BOLT_8s_first_act_comes_out()
    {
        Assert.True(SecretKey.TryCreate(Convert.FromHexString("1212121212121212121212121212121212121212121212121212121212121212"), out var ephemeral));
        Assert.True(PublicKey.TryParse(Convert.FromHexString("028d7500dd4c12685d1f568b4c2b5048e8534b873319f3a8daa612b469132ec7f7"), out var responder));
        var secret = new byte[32];
        Ecdh.SharedSecret(ephemeral, responder, secret);
        Assert.Equal("1e2fb3c8fe8fb9f262f649f64d26ecf0f2c0a805a767cf02dc2d77a6ef1fdcc3", Convert.ToHexStringLower(secret));
    }

    [Fact]
    public void Wycheproofs_shared_secrets_come_out_and_its_bad_keys_are_refused()
    {
        using var vectors = Vectors.Json("crypto/wycheproof_ecdh_secp256k1.json");
        var (agreed, refused) = (0, 0);
        foreach (var test in vectors.RootElement.GetProperty("testGroups").EnumerateArray().SelectMany(group => group.GetProperty("tests").EnumerateArray()))
        {
            var (encoded, result) = (test.GetProperty("public").GetString()!, test.GetProperty("result").GetString());
            var point = encoded.StartsWith(Uncompressed, StringComparison.Ordinal) ? encoded[Uncompressed.Length..]
                : encoded.StartsWith(Compressed, StringComparison.Ordinal) ? encoded[Compressed.Length..]
                : null;
            if (point is null || point.Length % 2 != 0 || !PublicKey.TryParse(Convert.FromHexString(point), out var key))
            {
                Assert.False(string.Equals(result, "valid", StringComparison.Ordinal), test.ToString());
                refused++;
                continue;
            }

            Assert.False(string.Equals(result, "invalid", StringComparison.Ordinal), test.ToString());
            var hex = test.GetProperty("private").GetString()!.TrimStart('0').PadLeft(64, '0');
            Assert.True(SecretKey.TryCreate(Convert.FromHexString(hex), out var secret), test.ToString());
            var x = new byte[32];
            Ecdh.SharedX(secret, key, x);
            Assert.Equal(test.GetProperty("shared").GetString(), Convert.ToHexStringLower(x));
            agreed++;
        }

        Assert.True(agreed >= 473 && refused >= 49, $"{agreed} agreed, {refused} refused");
        Assert.Equal(vectors.RootElement.GetProperty("numberOfTests").GetInt32(), agreed + refused);
    }

    [Fact]
    public void Keys_that_were_never_parsed_and_short_destinations_throw()
    {
        using var key = SecretKey.Generate(new SeededEntropy(1));
        Assert.Throws<InvalidOperationException>(() => Ecdh.SharedSecret(key, default, new byte[32]));
        Assert.Throws<InvalidOperationException>(() => Ecdh.SharedX(key, default, new byte[32]));
        Assert.Throws<ArgumentException>(() => Ecdh.SharedSecret(key, key.PublicKey, new byte[31]));
        Assert.Throws<ArgumentException>(() => Ecdh.SharedX(key, key.PublicKey, new byte[31]));
    }
}

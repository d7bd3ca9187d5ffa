using FsCheck;
using FsCheck.Fluent;
using Tributary.Testing;

namespace Tributary.Crypto.Tests.Signatures;

public sealed class SchnorrTests
{
    [Fact]
    public void The_vectors_of_BIP_340_sign_and_verify_as_they_say()
    {
        var rows = 0;
        foreach (var line in Vectors.Text("bitcoin/bip-0340_test-vectors.csv").Split('\n').Skip(1).Where(line => line.Length > 0))
        {
            var cells = line.Split(',');
            var (publicKey, message, signature) = (Convert.FromHexString(cells[2]), Convert.FromHexString(cells[4]), Convert.FromHexString(cells[5]));
            Assert.True(Schnorr.Verify(publicKey, message, signature) == string.Equals(cells[6], "TRUE", StringComparison.Ordinal), line);
            if (cells[1].Length > 0)
            {
                Assert.True(SecretKey.TryCreate(Convert.FromHexString(cells[1]), out var secret));
                var made = new byte[64];
                Schnorr.Sign(secret, message, Convert.FromHexString(cells[3]), made);
                Assert.Equal(signature, made);
                Assert.Equal(publicKey, secret.PublicKey.ToXOnly().ToBytes());
                secret.Dispose();
            }

            rows++;
        }

        Assert.True(rows >= 19, $"{rows} rows");
    }

    [Fact]
    public void Signatures_verify_under_their_key_and_message_alone() =>
        Check.QuickThrowOnFailure(Prop.ForAll((ulong seed, byte[] message, byte place) =>
        {
            var entropy = new SeededEntropy(seed);
            using var key = SecretKey.Generate(entropy);
            var signature = new byte[64];
            Schnorr.Sign(key, message, entropy, signature);
            var publicKey = key.PublicKey.ToXOnly();
            Assert.True(Schnorr.Verify(publicKey, message, signature) && Schnorr.Verify(publicKey.ToBytes(), message, signature));
            Assert.False(Schnorr.Verify(publicKey, [.. message, 0], signature));
            signature[place % 64] ^= 1;
            return !Schnorr.Verify(publicKey, message, signature);
        }));

    [Fact]
    public void Every_kind_of_bad_input_is_false_and_nothing_worse()
    {
        using var key = SecretKey.Generate(new SeededEntropy(1));
        var (hash, signature) = (new byte[32], new byte[64]);
        Schnorr.Sign(key, hash, new byte[32], signature);
        var publicKey = key.PublicKey.ToXOnly().ToBytes();
        Assert.True(Schnorr.Verify(publicKey, hash, signature));
        Assert.False(Schnorr.Verify(publicKey.AsSpan(1), hash, signature));
        Assert.False(Schnorr.Verify([], hash, signature));
        Assert.False(Schnorr.Verify(new byte[32], hash, signature));
        Assert.False(Schnorr.Verify(publicKey, hash, signature.AsSpan(1)));
        Assert.False(Schnorr.Verify(publicKey, [], signature));
        Assert.False(Schnorr.Verify(key.PublicKey.ToXOnly(), hash, []));
        Assert.Throws<ArgumentException>(() => Schnorr.Sign(key, hash, new byte[31], signature));
        Assert.Throws<ArgumentException>(() => Schnorr.Sign(key, hash, new byte[32], signature.AsSpan(1)));
    }
}

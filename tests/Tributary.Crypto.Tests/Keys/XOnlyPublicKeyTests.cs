using FsCheck;
using FsCheck.Fluent;
using Tributary.Testing;

namespace Tributary.Crypto.Tests.Keys;

public sealed class XOnlyPublicKeyTests
{
    [Fact]
    public void A_key_with_odd_y_and_its_negation_have_the_same_x() =>
        Check.QuickThrowOnFailure(Prop.ForAll((ulong seed) =>
        {
            var key = SecretKey.Generate(new SeededEntropy(seed)).PublicKey;
            var xOnly = key.ToXOnly(out var odd);
            var negated = key.Negate().ToXOnly(out var negatedOdd);
            return xOnly == negated
                && odd != negatedOdd
                && odd == (key.ToBytes()[0] == 3)
                && xOnly.ToPublicKey() == (odd ? key.Negate() : key)
                && xOnly.ToBytes().AsSpan().SequenceEqual(key.ToBytes().AsSpan(1))
                && XOnlyPublicKey.TryParse(xOnly.ToBytes(), out var back)
                && back == xOnly
                && back.GetHashCode() == xOnly.GetHashCode();
        }));

    [Fact]
    public void A_tweak_is_checked_against_key_parity_and_tweak() =>
        Check.QuickThrowOnFailure(Prop.ForAll((ulong seed, byte place) =>
        {
            var entropy = new SeededEntropy(seed);
            var key = SecretKey.Generate(entropy).PublicKey.ToXOnly();
            var tweak = new byte[32];
            entropy.Fill(tweak);
            Assert.True(key.TweakAdd(tweak, out XOnlyPublicKey output, out var odd));
            var other = (byte[])tweak.Clone();
            other[place % 32] ^= 1;
            Assert.True(XOnlyPublicKey.CheckTapTweak(output.ToBytes(), odd, key.ToBytes(), tweak));
            Assert.False(XOnlyPublicKey.CheckTapTweak(output.ToBytes(), !odd, key.ToBytes(), tweak));
            Assert.False(XOnlyPublicKey.CheckTapTweak(output.ToBytes(), odd, key.ToBytes(), other));

            // With an odd y the output's twin less the tweak is the internal key again, so only the even one tells.
            return odd || !XOnlyPublicKey.CheckTapTweak(key.ToBytes(), false, output.ToBytes(), tweak);
        }));

    [Fact]
    public void The_output_keys_of_BIP_341s_wallet_vectors_come_out()
    {
        using var vectors = Vectors.Json("bitcoin/bip341_wallet_vectors.json");
        var count = 0;
        foreach (var row in vectors.RootElement.GetProperty("scriptPubKey").EnumerateArray())
        {
            var internalKey = Convert.FromHexString(row.GetProperty("given").GetProperty("internalPubkey").GetString()!);
            var intermediary = row.GetProperty("intermediary");
            var root = intermediary.TryGetProperty("merkleRoot", out var merkle) && merkle.GetString() is { } hex ? Convert.FromHexString(hex) : [];
            var tweak = TaggedHashes.TapTweak.HashPair(internalKey, root);
            Assert.Equal(intermediary.GetProperty("tweak").GetString(), tweak.ToString());
            Assert.True(XOnlyPublicKey.TryParse(internalKey, out var key));
            Assert.True(key.TweakAdd(tweak.Span, out XOnlyPublicKey output, out var odd));
            Assert.Equal(intermediary.GetProperty("tweakedPubkey").GetString(), output.ToString());
            Assert.True(XOnlyPublicKey.CheckTapTweak(output.ToBytes(), odd, internalKey, tweak.Span));
            count++;
        }

        Assert.Equal(7, count);
    }

    [Fact]
    public void The_secret_keys_of_BIP_341s_wallet_vectors_tweak_and_sign()
    {
        using var vectors = Vectors.Json("bitcoin/bip341_wallet_vectors.json");
        var count = 0;
        foreach (var input in vectors.RootElement.GetProperty("keyPathSpending")[0].GetProperty("inputSpending").EnumerateArray())
        {
            var (given, intermediary) = (input.GetProperty("given"), input.GetProperty("intermediary"));
            Assert.True(SecretKey.TryCreate(Convert.FromHexString(given.GetProperty("internalPrivkey").GetString()!), out var secret));
            Assert.Equal(intermediary.GetProperty("internalPubkey").GetString(), secret.PublicKey.ToXOnly().ToString());
            Assert.True(secret.TweakAddXOnly(Convert.FromHexString(intermediary.GetProperty("tweak").GetString()!), out var tweaked));
            var scalar = new byte[32];
            tweaked.WriteTo(scalar);
            Assert.Equal(intermediary.GetProperty("tweakedPrivkey").GetString(), Convert.ToHexStringLower(scalar));

            // These signatures are made with auxiliary randomness of zeros; the last byte of the witness may be a hash type.
            var signature = new byte[64];
            Schnorr.Sign(tweaked, Convert.FromHexString(intermediary.GetProperty("sigHash").GetString()!), new byte[32], signature);
            Assert.StartsWith(
                Convert.ToHexStringLower(signature),
                input.GetProperty("expected").GetProperty("witness")[0].GetString()!,
                StringComparison.Ordinal);
            count++;
        }

        Assert.Equal(7, count);
    }

    [Fact]
    public void What_is_no_x_coordinate_is_refused()
    {
        Assert.False(XOnlyPublicKey.TryParse([], out _));
        Assert.False(XOnlyPublicKey.TryParse(new byte[32], out _));
        Assert.False(XOnlyPublicKey.TryParse(new byte[33], out _));
        Assert.False(XOnlyPublicKey.CheckTapTweak(new byte[32], false, new byte[32], new byte[32]));
        Assert.False(XOnlyPublicKey.CheckTapTweak([], false, [], []));
    }

    [Fact]
    public void A_default_key_compares_and_prints_and_does_nothing_else()
    {
        XOnlyPublicKey none = default;
        Assert.Equal(none, default);
        Assert.Equal("(no point)", none.ToString());
        Assert.Equal(0, none.GetHashCode());
        Assert.Throws<InvalidOperationException>(() => none.ToBytes());
        Assert.Throws<InvalidOperationException>(() => none.ToPublicKey());
        Assert.Throws<InvalidOperationException>(() => none.TweakAdd(new byte[32], out PublicKey _));
        Assert.False(Schnorr.Verify(none, new byte[32], new byte[64]));
    }
}

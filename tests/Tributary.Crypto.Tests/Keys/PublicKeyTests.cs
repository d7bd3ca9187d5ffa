using FsCheck;
using FsCheck.Fluent;
using Tributary.Testing;

namespace Tributary.Crypto.Tests.Keys;

public sealed class PublicKeyTests
{
    // SEC 2, section 2.4.1: the generator.
    private const string GeneratorX = "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
    private const string GeneratorY = "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8";
    private const string Order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

    [Fact]
    public void All_encodings_of_a_point_read_as_the_same_key()
    {
        // The generator's y is even, so its hybrid form starts with 06.
        var keys = new[] { $"02{GeneratorX}", $"04{GeneratorX}{GeneratorY}", $"06{GeneratorX}{GeneratorY}" }.Select(Parse).ToArray();
        Assert.All(keys, key => Assert.Equal(keys[0], key));
        Assert.All(keys, key => Assert.Equal(keys[0].GetHashCode(), key.GetHashCode()));
        var uncompressed = new byte[65];
        keys[0].WriteUncompressed(uncompressed);
        Assert.Equal($"04{GeneratorX}{GeneratorY}", Convert.ToHexStringLower(uncompressed));
        Assert.Equal($"02{GeneratorX}", keys[2].ToString());
        Assert.Equal($"02{GeneratorX}", Convert.ToHexStringLower(keys[1].ToBytes()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("02")]
    [InlineData("00" + GeneratorX)]
    [InlineData("04" + GeneratorX)]
    [InlineData("05" + GeneratorX)]
    [InlineData("02" + GeneratorX + "00")]
    [InlineData("07" + GeneratorX + GeneratorY)]
    [InlineData("02" + GeneratorX + GeneratorY)]
    [InlineData("04" + GeneratorX + GeneratorX)]
    [InlineData("020000000000000000000000000000000000000000000000000000000000000007")]
    [InlineData("02fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc30")]
    public void What_is_no_point_is_refused(string hex) => Assert.False(PublicKey.TryParse(Convert.FromHexString(hex), out _));

    [Fact]
    public void Adding_a_tweak_to_both_keys_of_a_pair_keeps_them_a_pair() =>
        Check.QuickThrowOnFailure(Prop.ForAll((ulong seed) =>
        {
            var entropy = new SeededEntropy(seed);
            using var secret = SecretKey.Generate(entropy);
            var tweak = new byte[32];
            entropy.Fill(tweak);
            Assert.True(secret.TweakAdd(tweak, out var added) && secret.PublicKey.TweakAdd(tweak, out var addedPublic) && added.PublicKey == addedPublic);
            Assert.True(secret.TweakMultiply(tweak, out var times) && secret.PublicKey.TweakMultiply(tweak, out var timesPublic) && times.PublicKey == timesPublic);
            Assert.True(secret.TweakAddXOnly(tweak, out var taproot));
            Assert.True(secret.PublicKey.ToXOnly().TweakAdd(tweak, out PublicKey taprootPublic) && taproot.PublicKey == taprootPublic);
            using var negated = secret.Negate();
            return negated.PublicKey == secret.PublicKey.Negate() && negated.PublicKey != secret.PublicKey;
        }));

    [Fact]
    public void The_sum_of_keys_is_the_key_of_the_sum() =>
        Check.QuickThrowOnFailure(Prop.ForAll((ulong seed, byte count) =>
        {
            var entropy = new SeededEntropy(seed);
            var secrets = Enumerable.Range(0, 1 + (count % 50)).Select(_ => SecretKey.Generate(entropy)).ToArray();
            Assert.True(SecretKey.Combine(secrets, out var sum));
            return PublicKey.Combine(secrets.Select(secret => secret.PublicKey).ToArray(), out var combined) && combined == sum.PublicKey;
        }));

    [Fact]
    public void Sums_and_tweaks_that_end_at_infinity_are_refused()
    {
        var key = Parse($"02{GeneratorX}");
        Assert.False(PublicKey.Combine([key, key.Negate()], out var sum));
        Assert.Equal(default, sum);
        Assert.False(PublicKey.Combine([], out _));
        Assert.True(PublicKey.Combine([key, key.Negate(), key], out sum));
        Assert.Equal(key, sum);

        var minusOne = Convert.FromHexString(Order);
        minusOne[31]--;
        Assert.False(key.TweakAdd(minusOne, out _));
        Assert.False(key.TweakAdd(Convert.FromHexString(Order), out _));
        Assert.False(key.TweakMultiply(new byte[32], out _));
        Assert.True(key.TweakAdd(new byte[32], out var same));
        Assert.Equal(key, same);
    }

    [Fact]
    public void Keys_sort_by_their_compressed_form() =>
        Check.QuickThrowOnFailure(Prop.ForAll((ulong seed) =>
        {
            var entropy = new SeededEntropy(seed);
            var (a, b) = (SecretKey.Generate(entropy).PublicKey, SecretKey.Generate(entropy).PublicKey);
            return Math.Sign(a.CompareTo(b)) == Math.Sign(a.ToBytes().AsSpan().SequenceCompareTo(b.ToBytes())) && a.CompareTo(a) == 0;
        }));

    [Fact]
    public void A_default_key_compares_and_prints_and_does_nothing_else()
    {
        PublicKey none = default;
        Assert.Equal(none, default);
        Assert.True(none < Parse($"02{GeneratorX}"));
        Assert.Equal(0, none.GetHashCode());
        Assert.Equal("(no point)", none.ToString());
        Assert.Throws<InvalidOperationException>(() => none.ToBytes());
        Assert.Throws<InvalidOperationException>(() => none.Negate());
        Assert.Throws<InvalidOperationException>(() => none.ToXOnly());
        Assert.Throws<InvalidOperationException>(() => none.TweakAdd(new byte[32], out _));
        Assert.Throws<InvalidOperationException>(() => none.TweakMultiply(new byte[32], out _));
        Assert.Throws<InvalidOperationException>(() => PublicKey.Combine([none], out _));
        Assert.False(Ecdsa.Verify(none, new byte[64], new byte[32]));
    }

    [Fact]
    public void Short_destinations_and_tweaks_are_refused()
    {
        var key = Parse($"02{GeneratorX}");
        Assert.Throws<ArgumentException>(() => key.WriteCompressed(new byte[32]));
        Assert.Throws<ArgumentException>(() => key.WriteUncompressed(new byte[64]));
        Assert.Throws<ArgumentException>(() => key.TweakAdd(new byte[31], out _));
        Assert.Throws<ArgumentException>(() => key.TweakMultiply(new byte[33], out _));
    }

    [Fact]
    public void Any_bytes_are_read_or_refused_without_allocation() =>
        Fuzz.Run(
            [Convert.FromHexString($"02{GeneratorX}"), Convert.FromHexString($"04{GeneratorX}{GeneratorY}"), Convert.FromHexString(GeneratorX)],
            static input =>
            {
                Span<byte> written = stackalloc byte[65];
                if (PublicKey.TryParse(input, out var key))
                {
                    key.WriteUncompressed(written);
                    if (input.Length == 65 && !written[1..].SequenceEqual(input[1..]))
                        throw new InvalidOperationException("The point changed on the way.");
                }

                if (XOnlyPublicKey.TryParse(input, out var xOnly))
                {
                    xOnly.WriteTo(written);
                    if (!written[..32].SequenceEqual(input))
                        throw new InvalidOperationException("The x coordinate changed on the way.");
                }
            },
            limits: FuzzLimits.NoAllocation);

    private static PublicKey Parse(string hex)
    {
        Assert.True(PublicKey.TryParse(Convert.FromHexString(hex), out var key));
        return key;
    }
}

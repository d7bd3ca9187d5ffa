using Tributary.Primitives.Contracts;

namespace Tributary.Crypto.Tests.Keys;

public sealed class SecretKeyTests
{
    private const string Order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

    [Fact]
    public void Scalars_from_one_to_the_order_less_one_are_keys()
    {
        var one = new byte[32];
        one[31] = 1;
        var last = Convert.FromHexString(Order);
        last[31]--;
        Assert.True(SecretKey.TryCreate(one, out var first));
        Assert.True(SecretKey.TryCreate(last, out var negatedFirst));
        Assert.Equal(first.PublicKey.Negate(), negatedFirst.PublicKey);

        Assert.False(SecretKey.TryCreate(new byte[32], out _));
        Assert.False(SecretKey.TryCreate(Convert.FromHexString(Order), out _));
        Assert.False(SecretKey.TryCreate(Enumerable.Repeat((byte)0xff, 32).ToArray(), out _));
        Assert.False(SecretKey.TryCreate(new byte[31], out _));
        Assert.False(SecretKey.TryCreate([], out _));
    }

    [Fact]
    public void A_disposed_key_refuses_every_use_and_its_memory_is_zero()
    {
        var key = SecretKey.Generate(new SeededEntropy(1));
        _ = key.PublicKey;
        Schnorr.Sign(key, new byte[32], new byte[32], new byte[64]);
        ReadOnlySpan<byte> scalar = key.Scalar, pair = key.KeyPair;
        Assert.True(scalar.ContainsAnyExcept((byte)0));
        key.Dispose();
        key.Dispose();
        Assert.False(scalar.ContainsAnyExcept((byte)0));
        Assert.False(pair.ContainsAnyExcept((byte)0));
        Assert.Throws<ObjectDisposedException>(() => key.WriteTo(new byte[32]));
        Assert.Throws<ObjectDisposedException>(() => Ecdsa.Sign(key, new byte[32], new byte[64]));
        Assert.Throws<ObjectDisposedException>(() => Schnorr.Sign(key, new byte[32], new byte[32], new byte[64]));
        Assert.Throws<ObjectDisposedException>(() => key.Negate());
        Assert.Throws<ObjectDisposedException>(() => key.TweakAdd(new byte[32], out _));
        Assert.Throws<ObjectDisposedException>(() => key.ConstantTimeEquals(key));
    }

    [Fact]
    public void No_secret_type_prints_its_secret()
    {
        using var seed = Seed.Generate(new SeededEntropy(2));
        using var key = SecretKey.Generate(new SeededEntropy(3));
        using var mnemonic = Mnemonic.Generate(new SeededEntropy(4));
        using var master = ExtendedPrivateKey.FromSeed(seed, ExtendedKeyNetwork.Mainnet).Value;
        using var bytes = new SecretBytes([1, 2, 3]);
        using var aead = new AeadKey(new byte[32]);
        Assert.Equal(
            "(seed) (secret key) (mnemonic) (extended private key) (secret) (AEAD key)",
            string.Join(' ', seed, key, mnemonic, master, bytes, aead));

        // Serializers and debuggers print properties: none of a secret type may hold bytes or text.
        foreach (var type in new[] { typeof(Seed), typeof(SecretKey), typeof(Mnemonic), typeof(ExtendedPrivateKey), typeof(SecretBytes), typeof(AeadKey) })
        {
            Assert.DoesNotContain(
                type.GetProperties(),
                property => property.PropertyType == typeof(byte[]) || property.PropertyType == typeof(string)
                    || property.PropertyType == typeof(ReadOnlySpan<byte>) || property.PropertyType == typeof(ReadOnlyMemory<byte>));
            Assert.DoesNotContain(type.GetFields(), field => !field.IsLiteral);
        }
    }

    [Fact]
    public void Copies_are_equal_and_live_on_their_own()
    {
        var key = SecretKey.Generate(new SeededEntropy(5));
        using var copy = key.Clone();
        using var other = SecretKey.Generate(new SeededEntropy(6));
        Assert.True(key.ConstantTimeEquals(copy));
        Assert.False(key.ConstantTimeEquals(other));
        key.Dispose();
        copy.WriteTo(new byte[32]);
    }

    [Fact]
    public void Sums_go_through_zero_and_do_not_end_there()
    {
        using var key = SecretKey.Generate(new SeededEntropy(5));
        using var other = SecretKey.Generate(new SeededEntropy(6));
        using var negated = key.Negate();
        Assert.False(SecretKey.Combine([key, negated], out _));
        Assert.False(SecretKey.Combine([], out _));
        Assert.True(SecretKey.Combine([key, negated, other], out var sum));
        Assert.True(sum.ConstantTimeEquals(other));
        Assert.True(SecretKey.Combine([key, other], out sum));
        Assert.True(PublicKey.Combine([key.PublicKey, other.PublicKey], out var publicSum));
        Assert.Equal(publicSum, sum.PublicKey);
        Assert.False(key.TweakAdd(Convert.FromHexString(Order), out _));
        Assert.False(key.TweakMultiply(new byte[32], out _));
        Assert.False(key.TweakAddXOnly(Convert.FromHexString(Order), out _));
    }

    [Fact]
    public void Broken_entropy_is_noticed()
    {
        Assert.Throws<InvalidOperationException>(() => SecretKey.Generate(new Zeros()));
    }

    [Fact]
    public void Keys_of_the_system_differ()
    {
        using var first = SecretKey.Generate(SystemEntropy.Instance);
        using var second = SecretKey.Generate(SystemEntropy.Instance);
        Assert.False(first.ConstantTimeEquals(second));
    }

    [Fact]
    public async Task One_key_signs_on_many_threads()
    {
        using var key = SecretKey.Generate(new SeededEntropy(7));
        using var same = key.Clone();
        var expected = new byte[64];
        Schnorr.Sign(same, new byte[32], new byte[32], expected);
        var signatures = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(
            () =>
            {
                var signature = new byte[64];
                Schnorr.Sign(key, new byte[32], new byte[32], signature);
                return (signature, key.PublicKey);
            },
            TestContext.Current.CancellationToken)));
        Assert.All(signatures, made => Assert.Equal(expected, made.signature));
        Assert.All(signatures, made => Assert.Equal(same.PublicKey, made.PublicKey));
    }

    private sealed class Zeros : IEntropy
    {
        public void Fill(Span<byte> destination) => destination.Clear();
    }
}

namespace Tributary.Crypto.Tests.Keys;

public sealed class SeedTests
{
    [Theory]
    [InlineData(16, true)]
    [InlineData(64, true)]
    [InlineData(15, false)]
    [InlineData(65, false)]
    [InlineData(0, false)]
    public void A_seed_has_16_to_64_bytes(int length, bool allowed)
    {
        var result = Seed.Create(new byte[length]);
        Assert.Equal(allowed, result.IsOk);
        if (!allowed)
            Assert.Equal("seed", result.Error.Field);
    }

    [Fact]
    public void A_disposed_seed_is_zero_and_unusable()
    {
        var seed = Seed.Generate(new SeededEntropy(1));
        var bytes = seed.Span;
        Assert.True(bytes.ContainsAnyExcept((byte)0));
        seed.Dispose();
        Assert.False(bytes.ContainsAnyExcept((byte)0));
        Assert.Throws<ObjectDisposedException>(() => ExtendedPrivateKey.FromSeed(seed, ExtendedKeyNetwork.Mainnet));
    }

    [Fact]
    public void Seeds_compare_by_their_bytes()
    {
        using var seed = Seed.Generate(new SeededEntropy(1));
        using var same = Seed.Generate(new SeededEntropy(1));
        using var other = Seed.Generate(new SeededEntropy(2));
        Assert.True(seed.ConstantTimeEquals(same));
        Assert.False(seed.ConstantTimeEquals(other));
        var copy = new byte[64];
        seed.WriteTo(copy);
        using var read = Seed.Create(copy).Value;
        Assert.True(read.ConstantTimeEquals(seed));
    }
}

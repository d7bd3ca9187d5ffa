namespace Tributary.Crypto.Tests.Keys;

public sealed class SeededEntropyTests
{
    [Fact]
    public void The_same_seed_gives_the_same_bytes_and_each_call_others()
    {
        var (one, same, other) = (new SeededEntropy(7), new SeededEntropy(7), new SeededEntropy(8));
        Assert.Equal(Draw(one), Draw(same));
        var second = Draw(one);
        Assert.Equal(second, Draw(same));
        Assert.NotEqual(second, Draw(other));
        Assert.NotEqual(Draw(one), second);

        static byte[] Draw(SeededEntropy entropy)
        {
            var bytes = new byte[100];
            entropy.Fill(bytes);
            return bytes;
        }
    }
}

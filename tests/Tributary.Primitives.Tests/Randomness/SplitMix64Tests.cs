using Tributary.Primitives.Randomness;

namespace Tributary.Primitives.Tests.Randomness;

public sealed class SplitMix64Tests
{
    // The first outputs of the authors' reference implementation for seed 1234567.
    [Fact]
    public void It_is_the_published_generator()
    {
        var random = new SplitMix64(1234567);
        Assert.Equal(6457827717110365317UL, random.Next());
        Assert.Equal(3203168211198807973UL, random.Next());
        Assert.Equal(9817491932198370423UL, random.Next());
        Assert.Equal(4593380528125082431UL, random.Next());
    }

    [Fact]
    public void A_bounded_number_is_below_its_bound_and_every_value_comes()
    {
        var random = new SplitMix64(1);
        var seen = new HashSet<int>();
        for (var i = 0; i < 1000; i++)
            seen.Add(random.Next(7));
        Assert.Equal(Enumerable.Range(0, 7), seen.Order());
    }
}

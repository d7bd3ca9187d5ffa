using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Tests.Training;

public sealed class SeededGeneratorTests
{
    [Fact]
    public void The_mixer_is_split_mix_64()
    {
        // The first outputs of SplitMix64 from state 0 (Vigna's splitmix64.c).
        Assert.Equal(0xE220A8397B1DCDAFUL, SeededGenerator.Mix(0x9E3779B97F4A7C15));
        Assert.Equal(0x6E789E6AA1B965F4UL, SeededGenerator.Mix(unchecked(2 * 0x9E3779B97F4A7C15)));
    }

    [Fact]
    public void A_seed_and_a_stream_replay_and_differ_from_others()
    {
        static ulong First(ulong seed, ulong stream) => new SeededGenerator(seed, stream).NextUInt64();
        Assert.Equal(First(1, 2), First(1, 2));
        Assert.NotEqual(First(1, 2), First(1, 3));
        Assert.NotEqual(First(1, 2), First(2, 2));
    }

    [Fact]
    public void Integers_cover_their_range_evenly()
    {
        var generator = new SeededGenerator(1);
        var counts = new int[7];
        for (var i = 0; i < 70_000; i++)
            counts[generator.NextInt32(7)]++;
        Assert.All(counts, count => Assert.InRange(count, 9_500, 10_500));
    }

    [Fact]
    public void Normals_have_mean_zero_and_variance_one()
    {
        var generator = new SeededGenerator(1);
        double sum = 0, squares = 0;
        for (var i = 0; i < 100_000; i++)
        {
            var value = generator.NextNormal();
            sum += value;
            squares += value * value;
        }

        Assert.Equal(0, sum / 100_000, .02);
        Assert.Equal(1, squares / 100_000, .02);
    }

    [Fact]
    public void A_shuffle_keeps_every_item()
    {
        var generator = new SeededGenerator(1);
        var items = Enumerable.Range(0, 100).ToArray();
        generator.Shuffle<int>(items);
        Assert.NotEqual(Enumerable.Range(0, 100), items);
        Assert.Equal(Enumerable.Range(0, 100), items.Order());
    }
}

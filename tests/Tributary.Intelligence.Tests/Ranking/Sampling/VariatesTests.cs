using Tributary.Intelligence.Ranking.Sampling;
using Tributary.Primitives.Randomness;

namespace Tributary.Intelligence.Tests.Ranking.Sampling;

public sealed class VariatesTests
{
    private const int Draws = 200_000;

    [Fact]
    public void The_generator_is_xoshiro256_starstar_seeded_by_splitmix64()
    {
        // SplitMix64 from seed 0 yields e220a8397b1dcdaf, 6e789e6aa1b965f4, 06c45d188009454f, f88bb8a8724c81ec (Vigna's reference code);
        // the first output of xoshiro256** is rotl(s1 · 5, 7) · 9.
        var expected = ulong.RotateLeft(unchecked(0x6e789e6aa1b965f4UL * 5), 7) * 9;
        Assert.Equal(expected, new Xoshiro256(0).NextUInt64());
    }

    [Fact]
    public void Filling_in_pieces_of_eight_equals_filling_at_once()
    {
        var whole = new byte[64];
        new Xoshiro256(9).Fill(whole);
        var source = new Xoshiro256(9);
        var pieces = new byte[64];
        for (var i = 0; i < 64; i += 8)
            source.Fill(pieces.AsSpan(i, 8));
        Assert.Equal(whole, pieces);
    }

    [Fact]
    public void Uniform_draws_have_the_moments_of_the_law() => Moments(v => v.NextUniform(), 0.5, 1.0 / 12);

    [Fact]
    public void Exponential_draws_have_the_moments_of_the_law() => Moments(v => v.NextExponential(), 1, 1);

    [Fact]
    public void Normal_draws_have_the_moments_of_the_law() => Moments(v => v.NextNormal(), 0, 1);

    [Theory]
    [InlineData(0.3)]
    [InlineData(1.0)]
    [InlineData(7.5)]
    public void Gamma_draws_have_the_moments_of_the_law(double shape) => Moments(v => v.NextGamma(shape), shape, shape);

    [Theory]
    [InlineData(0.5, 0.5)]
    [InlineData(2, 5)]
    [InlineData(90, 10)]
    public void Beta_draws_have_the_moments_of_the_law(double a, double b) =>
        Moments(v => v.NextBeta(a, b), a / (a + b), a * b / ((a + b) * (a + b) * (a + b + 1)));

    [Fact]
    public void Indices_are_even_and_in_range()
    {
        var variates = new Variates(new Xoshiro256(4));
        var counts = new int[7];
        for (var i = 0; i < Draws; i++)
            counts[variates.NextIndex(7)]++;
        Assert.All(counts, count => Assert.Equal(Draws / 7.0, count, 5 * Math.Sqrt(Draws / 7.0)));
    }

    // The seed is fixed, so a pass is a pass on every machine; the tolerance is five standard errors of the mean.
    private static void Moments(Func<Variates, double> draw, double mean, double variance)
    {
        var variates = new Variates(new Xoshiro256(20));
        double sum = 0, squares = 0;
        for (var i = 0; i < Draws; i++)
        {
            var x = draw(variates);
            sum += x;
            squares += (x - mean) * (x - mean);
        }

        Assert.Equal(mean, sum / Draws, 5 * Math.Sqrt(variance / Draws));
        Assert.Equal(variance, squares / Draws, variance * 0.05);
    }
}

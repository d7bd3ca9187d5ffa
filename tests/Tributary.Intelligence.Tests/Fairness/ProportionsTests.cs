using Tributary.Intelligence.Fairness;
using Tributary.Intelligence.Ranking.Sampling;
using Tributary.Primitives.Randomness;

namespace Tributary.Intelligence.Tests.Fairness;

public sealed class ProportionsTests
{
    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.975, 1.959963984540054)]
    [InlineData(0.995, 2.5758293035489004)]
    [InlineData(0.001, -3.090232306167813)]
    [InlineData(0.0000001, -5.199337582192816)]
    public void The_quantile_of_the_normal_is_that_of_the_tables(double probability, double quantile)
    {
        Assert.Equal(quantile, Proportions.NormalQuantile(probability), 1e-11);
        Assert.Equal(probability, Proportions.NormalDistribution(quantile), 1e-14);
    }

    [Fact]
    public void Wilsons_interval_by_hand()
    {
        // 10 of 100, z = 1.96: centre (.1 + .019208) / 1.038415, reach 1.959964 / 1.038415 · √(.0009 + .00009604).
        var interval = Proportions.Wilson(10, 100);
        Assert.Equal((0.1, 0.0552, 0.1744), (interval.Estimate, Math.Round(interval.Low, 4), Math.Round(interval.High, 4)));
        Assert.Equal((0, 1), (Proportions.Wilson(0, 5).Low, Proportions.Wilson(5, 5).High));
        Assert.True(double.IsNaN(Proportions.Wilson(0, 0).Estimate));
    }

    [Fact]
    public void Newcombes_interval_is_that_of_his_paper()
    {
        // Newcombe (1998), table II, (a) 56/70 − 48/80, method 10.
        var interval = Proportions.Difference(56, 70, 48, 80);
        Assert.Equal((0.2, 0.0524, 0.3339), (Math.Round(interval.Estimate, 12), Math.Round(interval.Low, 4), Math.Round(interval.High, 4)));
    }

    [Fact]
    public void The_interval_of_a_ratio_by_hand()
    {
        // ln 3 ± 1.959964 · √(1/15 − 1/100 + 1/5 − 1/100).
        var interval = Proportions.Ratio(15, 100, 5, 100);
        Assert.Equal((3, 1.1334, 7.941), (Math.Round(interval.Estimate, 12), Math.Round(interval.Low, 4), Math.Round(interval.High, 4)));
        var none = Proportions.Ratio(0, 50, 10, 50);
        Assert.Equal(0, none.Estimate);
        Assert.True(none is { Low: > 0, High: < 1 });
    }

    [Fact]
    public void Intervals_cover_the_truth_about_as_often_as_they_say()
    {
        var variates = new Variates(new Xoshiro256(5));
        const int Trials = 2_000;
        var covered = new int[3];
        for (var trial = 0; trial < Trials; trial++)
        {
            var (first, second) = (Draw(80, 0.1), Draw(120, 0.2));
            covered[0] += Holds(Proportions.Wilson(first, 80), 0.1);
            covered[1] += Holds(Proportions.Difference(first, 80, second, 120), -0.1);
            covered[2] += Holds(Proportions.Ratio(first, 80, second, 120), 0.5);
        }

        Assert.All(covered, count => Assert.InRange((double)count / Trials, 0.93, 0.98));

        int Draw(int rows, double share) => Enumerable.Range(0, rows).Count(_ => variates.NextUniform() < share);
        static int Holds(Intelligence.Evaluation.ConfidenceInterval interval, double truth) => interval.Low <= truth && truth <= interval.High ? 1 : 0;
    }
}

using Tributary.Intelligence.Fairness;

namespace Tributary.Intelligence.Tests.Fairness;

public sealed class PairedCostTests
{
    [Fact]
    public void The_cost_and_its_interval_by_hand()
    {
        // Differences 5, 0, 0, -1: mean 1, mean of squares 6.5, error √(5.5 / 4).
        var cost = PairedCost.Of([5, 2, 3, 0], [0, 2, 3, 1], replicates: 500);
        Assert.Equal(1_000, cost.Estimate, 9);
        Assert.Equal(1_000 * (1 - (1.959963984540054 * Math.Sqrt(5.5 / 4))), cost.Analytic!.Value.Low, 6);
        Assert.Equal(1_000 * (1 + (1.959963984540054 * Math.Sqrt(5.5 / 4))), cost.Analytic.Value.High, 6);
        Assert.InRange(cost.Estimate, cost.Bootstrap.Low, cost.Bootstrap.High);
    }

    [Fact]
    public void What_both_ways_share_adds_nothing_to_the_interval()
    {
        var worth = Enumerable.Range(0, 100).Select(i => (long)i * 1_000).ToArray();
        var cost = PairedCost.Of(worth, [.. worth.Select(value => value - 2)], replicates: 100);
        Assert.Equal((2_000, 2_000, 2_000), (cost.Estimate, cost.Bootstrap.Low, cost.Bootstrap.High));
    }

    [Fact]
    public void Rows_that_make_no_pairs_are_a_mistake_of_the_caller()
    {
        Assert.Throws<ArgumentException>(() => PairedCost.Of([1], [1, 2], replicates: 100));
        Assert.Throws<ArgumentException>(() => PairedCost.Of([], [], replicates: 100));
    }
}

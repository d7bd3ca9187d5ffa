using Tributary.Bitcoin.Chain.Embedded;
using Tributary.Bitcoin.Networks;
using Tributary.Lightning.Node.Fees;
using Tributary.Lightning.OnChain;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Tests.Node.Fees;

public sealed class FeeEstimatorTests
{
    [Fact]
    public async Task One_bad_estimate_changes_nothing()
    {
        await using var chain = EmbeddedChain.Open(new EmbeddedChainOptions(), TimeProvider.System).Value;
        var estimator = new FeeEstimator(chain, FeerateLimits.For(BitcoinNetwork.Regtest));
        for (var i = 0; i < 3; i++)
            estimator.Add(FeeEstimates.Flat(new FeeratePerKw(2_000)));
        var before = estimator.Current;
        Assert.False(estimator.Add(FeeEstimates.Flat(new FeeratePerKw(240_000))));
        Assert.Equal(before, estimator.Current);
    }

    [Fact]
    public async Task Estimates_keep_within_bounds_and_in_order()
    {
        await using var chain = EmbeddedChain.Open(new EmbeddedChainOptions(), TimeProvider.System).Value;
        var limits = FeerateLimits.For(BitcoinNetwork.Regtest);
        var estimator = new FeeEstimator(chain, limits);
        estimator.Add(new FeeEstimates(new FeeratePerKw(1), new FeeratePerKw(10_000_000), new FeeratePerKw(5), new FeeratePerKw(300)));
        var current = estimator.Current;
        Assert.Equal(limits.Highest, current.Normal);
        Assert.True(current.NextBlock >= current.Normal && current.Normal >= current.Economy && current.Economy >= current.MempoolMinimum);
        Assert.True(await estimator.RefreshAsync(TestContext.Current.CancellationToken));
    }
}

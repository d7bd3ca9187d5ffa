using FsCheck;
using FsCheck.Fluent;
using Tributary.Lightning.OnChain;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Tests.OnChain;

public sealed class FeePolicyTests
{
    private static readonly FeeEstimates s_fees = new(new FeeratePerKw(4_000), new FeeratePerKw(2_000), new FeeratePerKw(500), new FeeratePerKw(253));

    [Theory]
    [InlineData(null, 500)]
    [InlineData(19, 500)]
    [InlineData(18, 2_000)]
    [InlineData(6, 4_000)]
    [InlineData(3, 6_000)]
    [InlineData(1, 8_000)]
    [InlineData(-5, 8_000)]
    public void The_feerate_rises_as_blocks_run_out(int? blocksLeft, long feerate) =>
        Assert.Equal(feerate, FeePolicy.Target(s_fees, blocksLeft).Value);

    [Fact]
    public void The_feerate_never_falls_as_blocks_run_out_and_never_lies_below_what_is_relayed() =>
        Check.QuickThrowOnFailure(Prop.ForAll((ushort economy, ushort normal, ushort minimum) =>
        {
            var fees = new FeeEstimates(new FeeratePerKw(economy + normal), new FeeratePerKw(Math.Max(economy, normal)), new FeeratePerKw(Math.Min(economy, normal)), new FeeratePerKw(minimum));
            var last = 0L;
            for (var left = 30; left > -3; left--)
            {
                var feerate = FeePolicy.Target(fees, left).Value;
                Assert.True(feerate >= last && feerate >= minimum && feerate >= FeePolicy.Floor.Value);
                last = feerate;
            }
        }));

    [Fact]
    public void A_wild_estimate_is_bounded_and_costs_at_most_a_share_of_what_is_at_stake()
    {
        var wild = FeeEstimates.Flat(new FeeratePerKw(int.MaxValue / 4));
        Assert.Equal(int.MaxValue / 4, FeePolicy.Target(wild, 1).Value);
        Assert.Equal(int.MaxValue / 4, FeePolicy.Escalated(FeePolicy.Target(wild, 1), FeePolicy.Target(wild, 1)).Value);
        Assert.Equal(5_000, FeePolicy.FeeMax(new Satoshis(10_000), null).Value);
        Assert.Equal(5_000, FeePolicy.FeeMax(new Satoshis(10_000), 4).Value);
        Assert.Equal(9_000, FeePolicy.FeeMax(new Satoshis(10_000), 3).Value);
    }

    [Fact]
    public void A_claim_is_replaced_when_feerates_rise_when_time_runs_out_and_when_patience_does()
    {
        var last = new FeeratePerKw(1_000);
        Assert.False(FeePolicy.IsDue(last, new FeeratePerKw(1_200), null, 1));
        Assert.True(FeePolicy.IsDue(last, new FeeratePerKw(1_250), null, 1));
        Assert.True(FeePolicy.IsDue(last, last, ClaimMargins.UrgentBlocks, 1));
        Assert.True(FeePolicy.IsDue(last, last, null, ClaimMargins.PatienceBlocks));
        Assert.False(FeePolicy.IsDue(last, new FeeratePerKw(9_000), 1, 0));
    }

    [Theory]
    [InlineData(0, 2_500, 0)]
    [InlineData(1, 253, 25_000)]
    [InlineData(1, 2_500, 25_000)]
    [InlineData(3, 5_000, 150_000)]
    [InlineData(2, 1_000_000, 2_000_000)]
    [InlineData(1, int.MaxValue / 4, 1_000_000)]
    public void The_reserve_grows_with_channels_and_feerates(int channels, long feerate, long reserve) =>
        Assert.Equal(reserve, AnchorReserve.Required(channels, new FeeratePerKw(feerate)).Value);
}

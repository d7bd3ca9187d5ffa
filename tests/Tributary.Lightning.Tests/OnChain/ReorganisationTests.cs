using Tributary.Lightning.Commitments;
using Tributary.Lightning.OnChain;

namespace Tributary.Lightning.Tests.OnChain;

/// <summary>Blocks that held the close, or what came of it, leave the chain.</summary>
public sealed class ReorganisationTests
{
    private const int Delay = 20;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 3)]
    [InlineData(0, 12)]
    [InlineData(0, 30)]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(1, 12)]
    [InlineData(1, 30)]
    public async Task Whatever_goes_back_to_the_mempool_comes_again_and_the_money_with_it(int broadcaster, int depth)
    {
        await using var world = await ChainWorld.CreateAsync();
        var channel = await OpenAsync(world);
        var (us, peer) = await UnilateralCloseTests.JoinAsync(world, channel);
        await world.MineAsync();
        await (broadcaster == 0 ? us : peer).HandleAsync(new MonitorInput.BroadcastCommitment("test"));
        await world.MineAsync(depth);
        await world.ReorganiseAsync(depth);
        Assert.Null(us.Monitor.CloseKind);
        await world.MineAsync(90);
        UnilateralCloseTests.AssertSettled(world, channel.Commitment(broadcaster, 0), channel.States[0], us, peer);
    }

    [Fact]
    public async Task Another_close_may_confirm_in_place_of_the_first()
    {
        await using var world = await ChainWorld.CreateAsync();
        var pair = await world.FundAsync(CommitmentFormat.AnchorsZeroFeeHtlc, Delay);
        var channel = new ScriptedChannel(pair, new ScriptedState(6_000_000_000, 4_000_000_000), new ScriptedState(9_000_000_000, 1_000_000_000));
        var us = await world.JoinAsync(new ScriptedClaims(channel, 0, 1, 1), pair.Keys[0], 0x41, 100_000);
        us.IsMuted = true;
        Assert.Null(await world.BroadcastAsync(channel.Sign(1, 1)));
        await world.MineAsync(2);
        Assert.Equal(CloseKind.Peers, us.Monitor.CloseKind);

        // In the other branch a miner takes the peer's revoked commitment.
        us.IsMuted = false;
        await world.ReorganiseToAsync(2, channel.Sign(1, 0));
        Assert.Equal(CloseKind.Revoked, us.Monitor.CloseKind);
        await world.MineAsync(2);
        var ownership = new Ownership(world, channel.Commitment(1, 0), us);
        Assert.Equal(0, ownership.OwnerOf(channel.Commitment(1, 0).ToBroadcasterIndex));
        Assert.Equal(0, ownership.OwnerOf(channel.Commitment(1, 0).ToCountersignerIndex));
    }

    [Fact]
    public async Task The_funding_may_go_too()
    {
        await using var world = await ChainWorld.CreateAsync();
        var pair = await world.FundAsync(CommitmentFormat.AnchorsZeroFeeHtlc, Delay);
        var channel = new ScriptedChannel(pair, new ScriptedState(6_000_000_000, 4_000_000_000));
        var (us, peer) = await UnilateralCloseTests.JoinAsync(world, channel);
        await us.HandleAsync(new MonitorInput.BroadcastCommitment("test"));
        await world.MineAsync(3);
        Assert.Equal(CloseKind.Ours, us.Monitor.CloseKind);
        await world.ReorganiseAsync(world.Height - 103);
        Assert.Null(us.Monitor.CloseKind);
        await world.MineAsync(40);
        UnilateralCloseTests.AssertSettled(world, channel.Commitment(0, 0), channel.States[0], us, peer);
    }

    [Fact]
    public async Task A_preimage_that_was_seen_stays_known()
    {
        await using var world = await ChainWorld.CreateAsync();
        var channel = await OpenAsync(world);
        var (us, peer) = await UnilateralCloseTests.JoinAsync(world, channel);
        await world.MineAsync();
        await peer.HandleAsync(new MonitorInput.BroadcastCommitment("test"));
        await world.MineAsync(4);
        var learnt = Assert.Single(us.Seen<MonitorEffect.PreimageLearnt>());
        await world.ReorganiseAsync(4);
        Assert.Equal(learnt.Preimage, us.Monitor.Preimages[learnt.PaymentHash]);
        Assert.Single(us.Seen<MonitorEffect.HtlcResolvedOnChain>(), static effect => effect.Outcome == ChainOutcome.Fulfilled && effect.IsOffered);
    }

    private static async Task<ScriptedChannel> OpenAsync(ChainWorld world)
    {
        var pair = await world.FundAsync(CommitmentFormat.AnchorsZeroFeeHtlc, Delay);
        var expiry = (uint)world.Height + 70;
        ScriptedHtlc[] htlcs =
        [
            new(0, 0, 40_000_000, expiry - 60), new(0, 1, 50_000_000, expiry + 1), new(1, 0, 60_000_000, expiry - 60), new(1, 1, 70_000_000, expiry + 3),
        ];
        return new ScriptedChannel(pair, new ScriptedState(5_910_000_000, 3_870_000_000, htlcs));
    }
}

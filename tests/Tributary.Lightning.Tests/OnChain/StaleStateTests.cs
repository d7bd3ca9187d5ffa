using Tributary.Lightning.Commitments;
using Tributary.Lightning.OnChain;

namespace Tributary.Lightning.Tests.OnChain;

/// <summary>A channel restored from a copy: it may be any number of states behind.</summary>
public sealed class StaleStateTests
{
    private const int Delay = 20;

    public static TheoryData<CommitmentFormat> Formats => [CommitmentFormat.StaticRemoteKey, CommitmentFormat.AnchorsZeroFeeHtlc];

    [Fact]
    public async Task Our_own_commitment_is_never_broadcast()
    {
        await using var world = await ChainWorld.CreateAsync();
        var (channel, us) = await OpenAsync(world, CommitmentFormat.AnchorsZeroFeeHtlc);
        await us.HandleAsync(new MonitorInput.BroadcastCommitment("somebody asked"));
        await world.MineAsync(200);
        Assert.Empty(us.Seen<MonitorEffect.Broadcast>());
        Assert.Empty(us.Seen<MonitorEffect.NeedsForceClose>());
        Assert.NotEmpty(us.Seen<MonitorEffect.Alarm>());
        Assert.NotNull(channel);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task A_later_commitment_of_the_peers_pays_us_by_our_static_key_and_its_payments_stay_unknown(CommitmentFormat format)
    {
        await using var world = await ChainWorld.CreateAsync();
        var (channel, us) = await OpenAsync(world, format);
        Assert.Null(await world.BroadcastAsync(channel.Sign(1, 2)));
        await world.MineAsync(3);
        Assert.Equal(CloseKind.PeersUnknown, us.Monitor.CloseKind);
        Assert.Equal(0, new Ownership(world, channel.Commitment(1, 2), us).OwnerOf(channel.Commitment(1, 2).ToCountersignerIndex));
        Assert.NotEmpty(us.Seen<MonitorEffect.Alarm>());
        Assert.Empty(us.Seen<MonitorEffect.HtlcResolvedOnChain>());
        await world.MineAsync(150);
        Assert.Equal(ChainOutcome.Unknown, Assert.Single(us.Seen<MonitorEffect.HtlcResolvedOnChain>()).Outcome);
        Assert.True(us.Monitor.IsDone);
    }

    [Fact]
    public async Task A_preimage_shown_on_a_commitment_that_we_cannot_read_still_settles_the_payment()
    {
        await using var world = await ChainWorld.CreateAsync();
        var (channel, us) = await OpenAsync(world, CommitmentFormat.AnchorsZeroFeeHtlc, keepsHtlc: true);
        var peer = await world.JoinAsync(new ScriptedClaims(channel, 1, 2, 2), channel.Pair.Keys[1], 0x42, 100_000, 100_000);
        peer.Claims.Known.Add(channel.States[2].Htlcs[0].Hash);
        await peer.HandleAsync(new MonitorInput.BroadcastCommitment("stale peer"));
        await world.MineAsync(4);
        Assert.Equal(CloseKind.PeersUnknown, us.Monitor.CloseKind);
        Assert.Equal(channel.States[2].Htlcs[0].Preimage, Assert.Single(us.Seen<MonitorEffect.PreimageLearnt>()).Preimage);
        Assert.Equal(ChainOutcome.Fulfilled, Assert.Single(us.Seen<MonitorEffect.HtlcResolvedOnChain>()).Outcome);
    }

    [Fact]
    public async Task A_commitment_of_ours_that_another_copy_broadcast_gives_us_our_delayed_balance()
    {
        await using var world = await ChainWorld.CreateAsync();
        var (channel, us) = await OpenAsync(world, CommitmentFormat.AnchorsZeroFeeHtlc);
        Assert.Null(await world.BroadcastAsync(channel.Sign(0, 2)));
        await world.MineAsync(Delay + 2);
        Assert.Equal(CloseKind.OursUnknown, us.Monitor.CloseKind);
        Assert.Equal(0, new Ownership(world, channel.Commitment(0, 2), us).OwnerOf(channel.Commitment(0, 2).ToBroadcasterIndex));
    }

    [Fact]
    public async Task What_another_copy_had_claimed_of_its_HTLCs_is_ours_too_after_the_delay()
    {
        await using var world = await ChainWorld.CreateAsync();
        var (channel, us) = await OpenAsync(world, CommitmentFormat.StaticRemoteKey, keepsHtlc: true);
        var commitment = channel.Commitment(0, 2);
        var htlc = HtlcTransaction.Build(commitment, Assert.Single(commitment.Htlcs));
        var keys = channel.Pair.Keys[0];
        var timeout = htlc.Sign(keys.SignHtlcTransaction(htlc), channel.SignedFor(0, 2).HtlcSignatures[0], null);
        Assert.Null(await world.BroadcastAsync(channel.Sign(0, 2)));
        await world.MineAsync(31);
        Assert.Null(await world.BroadcastAsync(timeout));
        await world.MineAsync(Delay + 2);
        Assert.Contains(us.Seen<MonitorEffect.Broadcast>(), broadcast => broadcast.Package[0].Transaction.Inputs.Any(input => input.PreviousOutput == timeout.OutPointOf(0)));
        await world.MineAsync(110);
        Assert.True(us.Monitor.IsDone);
    }

    [Fact]
    public async Task A_commitment_of_the_peers_that_we_know_is_claimed_as_always()
    {
        await using var world = await ChainWorld.CreateAsync();
        var (channel, us) = await OpenAsync(world, CommitmentFormat.AnchorsZeroFeeHtlc);
        Assert.Null(await world.BroadcastAsync(channel.Sign(1, 1)));
        await world.MineAsync(60);
        Assert.Equal(CloseKind.Peers, us.Monitor.CloseKind);
        var ownership = new Ownership(world, channel.Commitment(1, 1), us);
        Assert.Equal(0, ownership.OwnerOf(channel.Commitment(1, 1).ToCountersignerIndex));
        Assert.Equal(0, ownership.OwnerOf(channel.Commitment(1, 1).Htlcs[0].Index));
    }

    // We have number 1 of either side, with an HTLC of ours; the peer has come to number 2.
    private static async Task<(ScriptedChannel Channel, Party Us)> OpenAsync(ChainWorld world, CommitmentFormat format, bool keepsHtlc = false)
    {
        var pair = await world.FundAsync(format, Delay);
        var htlc = new ScriptedHtlc(0, 0, 40_000_000, (uint)world.Height + 30);
        var channel = new ScriptedChannel(
            pair,
            new ScriptedState(6_000_000_000, 4_000_000_000),
            new ScriptedState(5_960_000_000, 4_000_000_000, htlc),
            keepsHtlc ? new ScriptedState(5_000_000_000, 4_960_000_000, htlc) : new ScriptedState(5_000_000_000, 5_000_000_000));
        var us = await world.JoinAsync(new ScriptedClaims(channel, 0, 1, 1) { IsStale = true }, pair.Keys[0], 0x41, 100_000);
        return (channel, us);
    }
}

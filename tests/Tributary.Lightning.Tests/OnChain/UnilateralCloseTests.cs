using Tributary.Lightning.Commitments;
using Tributary.Lightning.OnChain;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Tests.OnChain;

/// <summary>Either side's commitment goes on chain, with HTLCs of both directions in it.</summary>
public sealed class UnilateralCloseTests
{
    private const int Delay = 20;

    public static TheoryData<CommitmentFormat> Formats => [CommitmentFormat.StaticRemoteKey, CommitmentFormat.AnchorsZeroFeeHtlc];

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Both_sides_get_what_our_commitment_gives_them(CommitmentFormat format)
    {
        await using var world = await ChainWorld.CreateAsync();
        await CloseByUsAsync(world, format);
    }

    internal static async Task CloseByUsAsync(ChainWorld world, CommitmentFormat format)
    {
        var channel = await OpenAsync(world, format);
        var (us, peer) = await JoinAsync(world, channel);
        await us.HandleAsync(new MonitorInput.BroadcastCommitment("the operator asked for it"));
        await world.MineAsync();
        Assert.Equal(CloseKind.Ours, us.Monitor.CloseKind);
        Assert.Equal(CloseKind.Peers, peer.Monitor.CloseKind);
        await world.MineAsync(70);
        AssertSettled(world, channel.Commitment(0, 0), channel.States[0], us, peer);
        AssertOutcomes(channel.States[0], us, side: 0);
        AssertOutcomes(channel.States[0], peer, side: 1);
        await world.MineAsync(100);
        Assert.Single(us.Seen<MonitorEffect.Done>());
        Assert.Single(peer.Seen<MonitorEffect.Done>());
        Assert.Equal(0, us.Wallet.Leases);
        Assert.Empty(us.Rejections);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Both_sides_get_what_the_peers_commitment_gives_them(CommitmentFormat format)
    {
        await using var world = await ChainWorld.CreateAsync();
        var channel = await OpenAsync(world, format);
        var (us, peer) = await JoinAsync(world, channel);
        await peer.HandleAsync(new MonitorInput.BroadcastCommitment("the operator asked for it"));
        await world.MineAsync(71);
        Assert.Equal(CloseKind.Peers, us.Monitor.CloseKind);
        AssertSettled(world, channel.Commitment(1, 0), channel.States[0], us, peer);
        AssertOutcomes(channel.States[0], us, side: 0);
        AssertOutcomes(channel.States[0], peer, side: 1);
    }

    [Fact]
    public async Task The_peers_next_commitment_is_known_as_soon_as_it_is_signed()
    {
        await using var world = await ChainWorld.CreateAsync();
        var pair = await world.FundAsync(CommitmentFormat.AnchorsZeroFeeHtlc, Delay);
        var added = new ScriptedHtlc(0, 0, 40_000_000, (uint)world.Height + 30);
        var channel = new ScriptedChannel(pair, new ScriptedState(6_000_000_000, 4_000_000_000), new ScriptedState(5_960_000_000, 4_000_000_000, added));
        var us = await world.JoinAsync(new ScriptedClaims(channel, 0, local: 0, remote: 0, next: 1), pair.Keys[0], 0x41, 100_000);
        Assert.Null(await world.BroadcastAsync(channel.Sign(1, 1)));
        await world.MineAsync(80);
        Assert.Equal(CloseKind.Peers, us.Monitor.CloseKind);
        var ownership = new Ownership(world, channel.Commitment(1, 1), us);
        Assert.Equal(0, ownership.OwnerOf(channel.Commitment(1, 1).ToCountersignerIndex));
        Assert.Equal(0, ownership.OwnerOf(channel.Commitment(1, 1).Htlcs[0].Index));
        Assert.Equal(ChainOutcome.Failed, Assert.Single(us.Seen<MonitorEffect.HtlcResolvedOnChain>()).Outcome);
    }

    [Fact]
    public async Task An_HTLC_in_one_commitment_only_fails_when_the_other_is_deep()
    {
        await using var world = await ChainWorld.CreateAsync();
        var pair = await world.FundAsync(CommitmentFormat.AnchorsZeroFeeHtlc, Delay);
        var added = new ScriptedHtlc(0, 0, 40_000_000, (uint)world.Height + 60);
        var channel = new ScriptedChannel(pair, new ScriptedState(6_000_000_000, 4_000_000_000), new ScriptedState(5_960_000_000, 4_000_000_000, added));
        var us = await world.JoinAsync(new ScriptedClaims(channel, 0, local: 0, remote: 0, next: 1), pair.Keys[0], 0x41, 100_000);
        Assert.Null(await world.BroadcastAsync(channel.Sign(1, 0)));
        await world.MineAsync(5);
        Assert.Empty(us.Seen<MonitorEffect.HtlcResolvedOnChain>());
        await world.MineAsync();
        var resolved = Assert.Single(us.Seen<MonitorEffect.HtlcResolvedOnChain>());
        Assert.Equal((true, 0UL, ChainOutcome.Failed), (resolved.IsOffered, resolved.Id, resolved.Outcome));
    }

    [Fact]
    public async Task An_HTLC_without_an_output_fails_when_the_commitment_is_deep()
    {
        await using var world = await ChainWorld.CreateAsync();
        var pair = await world.FundAsync(CommitmentFormat.AnchorsZeroFeeHtlc, Delay);
        var dust = new ScriptedHtlc(0, 3, 200_000, (uint)world.Height + 60);
        var channel = new ScriptedChannel(pair, new ScriptedState(5_999_800_000, 4_000_000_000, dust));
        var (us, _) = await JoinAsync(world, channel);
        await us.HandleAsync(new MonitorInput.BroadcastCommitment("test"));
        await world.MineAsync(5);
        Assert.Empty(us.Seen<MonitorEffect.HtlcResolvedOnChain>());
        await world.MineAsync();
        Assert.Equal(ChainOutcome.Failed, Assert.Single(us.Seen<MonitorEffect.HtlcResolvedOnChain>()).Outcome);
    }

    // Claiming it costs more than half of what it holds, and at an urgent feerate more than all of it. Its payment has to end all the same.
    [Theory]
    [InlineData(0, 416_000)]
    [InlineData(1, 416_000)]
    [InlineData(0, 491_000)]
    [InlineData(1, 491_000)]
    [InlineData(0, 365_000)]
    [InlineData(1, 365_000)]
    public async Task An_HTLC_that_is_little_more_than_dust_is_taken_back_in_the_end(int broadcaster, long amountMsat)
    {
        await using var world = await ChainWorld.CreateAsync();
        var pair = await world.FundAsync(CommitmentFormat.AnchorsZeroFeeHtlc, Delay);
        var small = new ScriptedHtlc(0, 0, amountMsat, (uint)world.Height + 30);
        var channel = new ScriptedChannel(pair, new ScriptedState(6_000_000_000 - amountMsat, 4_000_000_000, small));
        var (us, peer) = await JoinAsync(world, channel);
        us.Fees = FeeEstimates.Flat(new FeeratePerKw(1_000));
        await (broadcaster == 0 ? us : peer).HandleAsync(new MonitorInput.BroadcastCommitment("test"));
        await world.MineAsync(135);
        Assert.Equal(ChainOutcome.Failed, Assert.Single(us.Seen<MonitorEffect.HtlcResolvedOnChain>()).Outcome);
        await world.MineAsync(110);
        Assert.True(us.Monitor.IsDone);
        Assert.Equal(0, us.Wallet.Leases);
    }

    // At the floor, taking it leaves less than may be sent; the peer, for whom it costs the same, leaves it too.
    [Theory]
    [InlineData(0, 417_000)]
    [InlineData(1, 417_000)]
    [InlineData(1, 365_000)]
    public async Task An_HTLC_that_is_little_more_than_dust_and_ours_by_its_preimage_does_not_keep_the_monitor_for_ever(int broadcaster, long amountMsat)
    {
        await using var world = await ChainWorld.CreateAsync();
        var pair = await world.FundAsync(CommitmentFormat.AnchorsZeroFeeHtlc, Delay);
        var small = new ScriptedHtlc(1, 0, amountMsat, (uint)world.Height + 30);
        var channel = new ScriptedChannel(pair, new ScriptedState(6_000_000_000, 4_000_000_000 - amountMsat, small));
        var us = await world.JoinAsync(new ScriptedClaims(channel, 0, 0, 0), pair.Keys[0], 0x41, 100_000);
        us.Fees = FeeEstimates.Flat(new FeeratePerKw(1_000));
        us.Claims.Known.Add(small.Hash);
        Assert.Null(await world.BroadcastAsync(channel.Sign(broadcaster, 0)));
        await world.MineAsync(20);
        Assert.False(us.Monitor.IsDone);
        await world.MineAsync(250);
        Assert.True(us.Monitor.IsDone);
        Assert.Equal(0, us.Wallet.Leases);
    }

    [Fact]
    public async Task A_preimage_that_comes_late_is_used_at_once()
    {
        await using var world = await ChainWorld.CreateAsync();
        var pair = await world.FundAsync(CommitmentFormat.AnchorsZeroFeeHtlc, Delay);
        var held = new ScriptedHtlc(1, 0, 40_000_000, (uint)world.Height + 60);
        var channel = new ScriptedChannel(pair, new ScriptedState(6_000_000_000, 3_960_000_000, held));
        var us = await world.JoinAsync(new ScriptedClaims(channel, 0, 0, 0), pair.Keys[0], 0x41, 100_000);
        Assert.Null(await world.BroadcastAsync(channel.Sign(1, 0)));
        await world.MineAsync(10);
        us.Claims.Known.Add(held.Hash);
        await us.HandleAsync(new MonitorInput.PreimageKnown(held.Hash));
        await world.MineAsync();
        Assert.Equal(0, new Ownership(world, channel.Commitment(1, 0), us).OwnerOf(channel.Commitment(1, 0).Htlcs[0].Index));
    }

    [Fact]
    public async Task A_cooperative_close_leaves_nothing_to_do()
    {
        await using var world = await ChainWorld.CreateAsync();
        var channel = await OpenAsync(world, CommitmentFormat.AnchorsZeroFeeHtlc);
        var (us, peer) = await JoinAsync(world, channel);
        var closing = ClosingTransaction.Build(
            channel.Pair.Contract(0),
            new ClosingShare(new MilliSatoshis(6_000_000_000), us.Wallet.Script),
            new ClosingShare(new MilliSatoshis(4_000_000_000), peer.Wallet.Script),
            new Satoshis(1000),
            new Satoshis(354));
        var signed = closing.Sign(channel.Pair.Keys[0].SignClosing(closing), channel.Pair.Keys[1].SignClosing(closing));
        us.Claims.MutualCloses = [signed];
        us.Claims.Local = us.Claims.Local! with { State = us.Claims.Local.State with { Htlcs = [] } };
        us.Claims.Remote = us.Claims.Remote! with { Htlcs = [] };
        Assert.Null(await world.BroadcastAsync(signed));
        await world.MineAsync(99);
        Assert.Equal(CloseKind.Mutual, us.Monitor.CloseKind);
        Assert.False(us.Monitor.IsDone);
        await world.MineAsync();
        Assert.True(us.Monitor.IsDone);
        Assert.Empty(us.Seen<MonitorEffect.Broadcast>());
    }

    internal static async Task<(Party Us, Party Peer)> JoinAsync(ChainWorld world, ScriptedChannel channel)
    {
        var us = await world.JoinAsync(new ScriptedClaims(channel, 0, channel.Last, channel.Last), channel.Pair.Keys[0], 0x41, 100_000, 60_000, 60_000, 60_000, 60_000);
        var peer = await world.JoinAsync(new ScriptedClaims(channel, 1, channel.Last, channel.Last), channel.Pair.Keys[1], 0x42, 100_000, 60_000, 60_000, 60_000, 60_000);
        foreach (var htlc in channel.States[^1].Htlcs.Where(static htlc => htlc.Id % 2 == 1))
            (htlc.Offerer == 0 ? peer : us).Claims.Known.Add(htlc.Hash);
        return (us, peer);
    }

    // Two HTLCs each way, of which the second is known to whoever receives it.
    private static async Task<ScriptedChannel> OpenAsync(ChainWorld world, CommitmentFormat format)
    {
        var pair = await world.FundAsync(format, Delay);
        var expiry = (uint)world.Height + 30;
        ScriptedHtlc[] htlcs =
        [
            new(0, 0, 40_000_000, expiry), new(0, 1, 50_000_000, expiry + 1), new(1, 0, 60_000_000, expiry), new(1, 1, 70_000_000, expiry + 3),
        ];
        return new ScriptedChannel(pair, new ScriptedState(5_910_000_000, 3_870_000_000, htlcs));
    }

    internal static void AssertSettled(ChainWorld world, CommitmentTransaction commitment, ScriptedState state, Party us, Party peer)
    {
        var broadcaster = commitment.Contract.BroadcasterIsOpener ? 0 : 1;
        var ownership = new Ownership(world, commitment, us, peer);
        Assert.Equal(broadcaster, ownership.OwnerOf(commitment.ToBroadcasterIndex));
        Assert.Equal(1 - broadcaster, ownership.OwnerOf(commitment.ToCountersignerIndex));
        foreach (var output in commitment.Htlcs)
        {
            var htlc = state.Htlcs.Single(htlc => htlc.Id == output.Htlc.Id && htlc.Offerer == (output.Htlc.IsOffered ? broadcaster : 1 - broadcaster));
            var receiver = htlc.Offerer == 0 ? peer : us;
            Assert.Equal(receiver.Claims.Known.Contains(htlc.Hash) ? 1 - htlc.Offerer : htlc.Offerer, ownership.OwnerOf(output.Index));
        }
    }

    private static void AssertOutcomes(ScriptedState state, Party party, int side)
    {
        foreach (var htlc in state.Htlcs)
        {
            var isOffered = htlc.Offerer == side;
            var seen = Assert.Single(party.Seen<MonitorEffect.HtlcResolvedOnChain>(), effect => effect.IsOffered == isOffered && effect.Id == htlc.Id);
            var isFulfilled = htlc.Id % 2 == 1;
            Assert.Equal(isFulfilled ? ChainOutcome.Fulfilled : ChainOutcome.Failed, seen.Outcome);
            Assert.Equal(isFulfilled && isOffered ? htlc.Preimage : null, seen.Preimage);
            if (isFulfilled && isOffered)
                Assert.Single(party.Seen<MonitorEffect.PreimageLearnt>(), effect => effect.PaymentHash == htlc.Hash && effect.Preimage == htlc.Preimage);
        }
    }
}

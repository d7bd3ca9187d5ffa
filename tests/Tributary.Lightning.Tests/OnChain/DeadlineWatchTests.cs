using Tributary.Lightning.Commitments;
using Tributary.Lightning.OnChain;
using Tributary.Lightning.Tests.Keys;

namespace Tributary.Lightning.Tests.OnChain;

public sealed class DeadlineWatchTests
{
    [Theory]
    [InlineData(false, 481, false)]
    [InlineData(false, 500, false)]
    [InlineData(true, 481, false)]
    [InlineData(true, 482, true)]
    [InlineData(true, 600, true)]
    public void A_received_HTLC_closes_the_channel_in_time_when_its_preimage_is_known(bool isKnown, int height, bool closes)
    {
        var claims = Claims(new ScriptedHtlc(1, 0, 40_000_000, 500));
        if (isKnown)
            claims.Known.Add(claims.Local!.State.Htlcs[0].PaymentHash);
        Assert.Equal(closes, DeadlineWatch.FindReason(claims, height) is not null);
    }

    [Theory]
    [InlineData(40_000_000, 502, false)]
    [InlineData(40_000_000, 503, true)]
    [InlineData(200_000, 503, false)]
    [InlineData(200_000, 643, false)]
    [InlineData(200_000, 644, true)]
    public void An_offered_HTLC_closes_the_channel_when_its_expiry_is_past_grace(long amountMsat, int height, bool closes) =>
        Assert.Equal(closes, DeadlineWatch.FindReason(Claims(new ScriptedHtlc(0, 0, amountMsat, 500)), height) is not null);

    [Theory]
    [InlineData(50_000_000, 487, 400, false)]
    [InlineData(50_000_000, 488, 400, true)]
    [InlineData(50_000_000, 499, 400, true)]
    [InlineData(50_000_000, 500, 400, false)]
    [InlineData(50_000_000, 488, 488, false)]
    [InlineData(50_000_000, 489, 488, true)]
    [InlineData(50_000_000, 492, 492, false)]
    [InlineData(50_000_000, 493, 493, true)]
    [InlineData(50_000_000, 495, null, false)]
    [InlineData(49_999_999, 495, 400, false)]
    public void A_state_that_the_peer_has_not_agreed_with_is_published_for_money_that_is_lost_otherwise_and_for_no_less(long amountMsat, int height, int? dialledAt, bool closes)
    {
        var claims = Claims(new ScriptedHtlc(1, 0, amountMsat, 500));
        claims.Known.Add(claims.Local!.State.Htlcs[0].PaymentHash);
        Assert.Equal(closes, DeadlineWatch.FindUnconfirmedReason(claims, height, dialledAt) is not null);
        claims.Known.Clear();
        Assert.Null(DeadlineWatch.FindUnconfirmedReason(claims, height, dialledAt));
    }

    [Fact]
    public void An_offered_HTLC_is_no_reason_to_publish_a_state_that_the_peer_has_not_agreed_with()
    {
        var claims = Claims(new ScriptedHtlc(0, 0, 400_000_000, 500));
        claims.Known.Add(claims.Local!.State.Htlcs[0].PaymentHash);
        Assert.All(Enumerable.Range(480, 200), height => Assert.Null(DeadlineWatch.FindUnconfirmedReason(claims, height, 480)));
    }

    [Fact]
    public void A_received_HTLC_without_an_output_closes_nothing()
    {
        var claims = Claims(new ScriptedHtlc(1, 0, 200_000, 500));
        claims.Known.Add(claims.Local!.State.Htlcs[0].PaymentHash);
        Assert.Null(DeadlineWatch.FindReason(claims, 700));
    }

    [Fact]
    public void An_HTLC_in_the_peers_next_commitment_counts()
    {
        var channel = Channel(new ScriptedHtlc(0, 0, 40_000_000, 500));
        Assert.NotNull(DeadlineWatch.FindReason(new ScriptedClaims(channel, 0, 0, 0, next: 1), 503));
        Assert.Null(DeadlineWatch.FindReason(new ScriptedClaims(channel, 0, 0, 0), 503));
    }

    [Fact]
    public async Task The_monitor_asks_for_the_close_until_it_comes_and_the_money_is_saved()
    {
        await using var world = await ChainWorld.CreateAsync();
        var pair = await world.FundAsync(CommitmentFormat.AnchorsZeroFeeHtlc, delay: 20);
        var htlc = new ScriptedHtlc(1, 1, 70_000_000, (uint)world.Height + 40);
        var channel = new ScriptedChannel(pair, new ScriptedState(6_000_000_000, 3_930_000_000, htlc));
        var (us, peer) = await UnilateralCloseTests.JoinAsync(world, channel);
        peer.IsMuted = true;
        await world.MineToAsync((int)htlc.CltvExpiry - ClaimMargins.ClaimBlocks - 1);
        Assert.Empty(us.Seen<MonitorEffect.NeedsForceClose>());
        await world.MineAsync(2);
        Assert.NotEmpty(us.Seen<MonitorEffect.NeedsForceClose>());
        Assert.Equal(CloseKind.Ours, us.Monitor.CloseKind);
        await world.MineAsync(2);
        Assert.True(world.Height < (int)htlc.CltvExpiry);
        Assert.NotNull(world.SpenderOf(channel.Commitment(0, 0).Unsigned.OutPointOf(channel.Commitment(0, 0).Htlcs[0].Index)));
    }

    [Fact]
    public async Task No_feerate_closes_a_channel()
    {
        await using var world = await ChainWorld.CreateAsync();
        var pair = await world.FundAsync(CommitmentFormat.AnchorsZeroFeeHtlc, delay: 20);
        var channel = new ScriptedChannel(pair, new ScriptedState(6_000_000_000, 3_930_000_000, new ScriptedHtlc(1, 1, 70_000_000, (uint)world.Height + 400)));
        var (us, _) = await UnilateralCloseTests.JoinAsync(world, channel);
        foreach (var feerate in new[] { 1L, 253, 100_000, 50_000_000 })
        {
            us.Fees = FeeEstimates.Flat(new Primitives.Amounts.FeeratePerKw(feerate));
            await us.HandleAsync(new MonitorInput.Feerates());
            await world.MineAsync();
        }

        Assert.Empty(us.Effects);
    }

    private static ScriptedClaims Claims(ScriptedHtlc htlc) => new(Channel(htlc), 0, 1, 1);

    private static ScriptedChannel Channel(ScriptedHtlc htlc) => new(
        new ChannelPair(CommitmentFormat.AnchorsZeroFeeHtlc), new ScriptedState(5_000_000_000, 4_000_000_000), new ScriptedState(5_000_000_000, 4_000_000_000, htlc));
}

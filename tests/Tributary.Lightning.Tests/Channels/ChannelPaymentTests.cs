using Tributary.Lightning.Channels;
using Tributary.Lightning.Features;
using Tributary.Lightning.Onions;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Tests.Channels;

public sealed class ChannelPaymentTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_payment_moves_its_amount_and_tells_each_side_once(bool hasAnchors)
    {
        using var pair = ChannelPair.Ready(type: new ChannelType(hasAnchors));
        var id = pair.Add(pair.Opener, 10_000_000, 1);
        pair.Settle();
        var htlc = Assert.Single(pair.Accepter.Seen<ChannelEffect.HtlcCommitted>()).Htlc;
        Assert.Equal(new MilliSatoshis(10_000_000), htlc.Amount);
        Assert.Equal(ChannelPair.Onion(1), htlc.Onion.ToArray());
        pair.CheckInvariants();
        pair.CheckReplay();

        pair.Accepter.Run(pair.Accepter.Channel.FulfillHtlc(htlc.Id, ChannelPair.Preimage(1)).Value);
        pair.Settle();
        Assert.Equal(ChannelPair.Preimage(1), Assert.Single(pair.Opener.Seen<ChannelEffect.HtlcFulfilled>()).Preimage);
        Assert.Equal(new HtlcOutcome.Fulfilled(ChannelPair.Preimage(1)), Assert.Single(pair.Opener.Seen<ChannelEffect.HtlcResolved>()).Outcome);
        Assert.Equal(0UL, id);
        Assert.Equal(new MilliSatoshis(690_000_000), pair.Opener.Channel.GetBalance().Ours);
        Assert.Equal(new MilliSatoshis(310_000_000), pair.Accepter.Channel.GetBalance().Ours);
        Assert.True(pair.Opener.State.IsClear && pair.Accepter.State.IsClear);
        pair.CheckInvariants();
        pair.CheckReplay();
    }

    [Fact]
    public void A_failed_payment_comes_back_with_its_reason()
    {
        using var pair = ChannelPair.Ready();
        pair.Add(pair.Accepter, 5_000_000, 1);
        pair.Add(pair.Accepter, 6_000_000, 2);
        pair.Settle();
        pair.Opener.Run(pair.Opener.Channel.FailHtlc(0, new byte[] { 1, 2, 3 }).Value);
        pair.Opener.Run(pair.Opener.Channel.FailMalformedHtlc(1, ChannelPair.Preimage(9), FailureCode.InvalidOnionHmac).Value);
        pair.Settle();
        Assert.Equal([1, 2, 3], Assert.IsType<HtlcOutcome.Failed>(pair.Accepter.Outcomes[0]).Reason.ToArray());
        Assert.Equal((ushort)FailureCode.InvalidOnionHmac, Assert.IsType<HtlcOutcome.FailedMalformed>(pair.Accepter.Outcomes[1]).FailureCode);
        Assert.Equal(new MilliSatoshis(300_000_000), pair.Accepter.Channel.GetBalance().Ours);
        pair.CheckInvariants();
        pair.CheckReplay();
    }

    [Fact]
    public void A_hundred_payments_share_one_round_of_signatures()
    {
        using var pair = ChannelPair.Ready(funding: 5_000_000, push: 1_000_000_000);
        for (var i = 0; i < 100; i++)
            pair.Add(pair.Opener, 1_000_000, i);
        pair.Settle();
        Assert.Equal(100, pair.Accepter.Undecided.Count);
        Assert.Equal(1UL, pair.Accepter.State.LocalNumber);
        Assert.Equal(1UL, pair.Opener.State.LocalNumber);
        pair.CheckInvariants();
    }

    [Fact]
    public void All_483_HTLCs_fit_each_way_and_no_more()
    {
        using var pair = ChannelPair.Ready(funding: 10_000_000, push: 5_000_000_000);
        for (var i = 0; i < ChannelPolicy.HtlcsMax; i++)
        {
            pair.Add(pair.Opener, 1_000_000, i);
            pair.Add(pair.Accepter, 1_000_000, 10_000 + i);
        }

        pair.Settle();
        Assert.False(pair.Opener.Channel.OfferHtlc(ChannelPair.Offer(1_000_000, 9999), pair.Context, out _).IsOk);
        Assert.Equal(2 * ChannelPolicy.HtlcsMax, pair.Opener.Channel.Local!.HtlcSignatures.Count);
        pair.CheckInvariants();
        foreach (var node in pair.Both)
        {
            foreach (var htlc in node.Undecided.Values.ToList())
                node.Run(node.Channel.FulfillHtlc(htlc.Id, ChannelPair.Preimage((node == pair.Accepter ? 0 : 10_000) + (int)htlc.Id)).Value);
        }

        pair.Settle();
        Assert.True(pair.Opener.State.IsClear && pair.Accepter.State.IsClear);
        Assert.Equal(ChannelPolicy.HtlcsMax, pair.Opener.Outcomes.Count);
        pair.CheckInvariants();
        pair.CheckReplay();
    }

    [Fact]
    public void A_feerate_change_reaches_both_commitments()
    {
        using var pair = ChannelPair.Ready(type: ChannelType.StaticRemoteKey);
        pair.Add(pair.Opener, 2_000_000, 1);
        pair.Settle();
        pair.Opener.Run(pair.Opener.Channel.UpdateFee(new FeeratePerKw(3000)).Value);
        pair.Settle();
        Assert.Equal(new FeeratePerKw(3000), pair.Opener.Channel.Local!.State.Feerate);
        Assert.Equal(new FeeratePerKw(3000), pair.Accepter.Channel.Local!.State.Feerate);
        Assert.False(pair.Accepter.Channel.UpdateFee(new FeeratePerKw(3000)).IsOk);
        pair.CheckInvariants();
        pair.CheckReplay();
    }

    [Fact]
    public void Revoked_commitments_keep_their_HTLCs_after_they_ended()
    {
        using var pair = ChannelPair.Ready();
        var seen = new Dictionary<ulong, (List<string> Htlcs, ulong Number)>();
        for (var i = 0; i < 12; i++)
        {
            pair.Add(i % 2 == 0 ? pair.Opener : pair.Accepter, 1_000_000 + i, i);
            if (i % 3 == 2)
            {
                foreach (var node in pair.Both)
                {
                    foreach (var htlc in node.Undecided.Values.ToList())
                    {
                        node.Run(node.Channel.FailHtlc(htlc.Id, new byte[8]).Value);
                        node.Undecided.Remove(htlc.Id);
                    }
                }
            }

            pair.Settle();
            var remote = pair.Opener.Channel.Remote!;
            seen[remote.Number] = (remote.Htlcs.Select(h => h.ToString()).Order(StringComparer.Ordinal).ToList(), remote.Number);
        }

        foreach (var (number, (htlcs, _)) in seen)
            Assert.Equal(htlcs, pair.Opener.Channel.RevokedHtlcs(number).Select(h => h.ToString()).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.True(pair.Opener.Channel.Revoked.Revoked > 5);
    }

    [Fact]
    public void A_resolved_HTLC_is_told_again_after_a_restart_until_it_is_acknowledged()
    {
        using var pair = ChannelPair.Ready();
        pair.Add(pair.Opener, 1_000_000, 1);
        pair.Settle();
        pair.Accepter.Run(pair.Accepter.Channel.FulfillHtlc(0, ChannelPair.Preimage(1)).Value);
        pair.Settle();
        pair.Opener.Effects.Clear();
        pair.Crash(pair.Opener);
        Assert.Single(pair.Opener.Seen<ChannelEffect.HtlcResolved>());
        pair.Opener.Run(pair.Opener.Channel.Acknowledge(0));
        pair.Opener.Effects.Clear();
        pair.Crash(pair.Opener);
        Assert.Empty(pair.Opener.Seen<ChannelEffect.HtlcResolved>());
        pair.CheckReplay();
    }

    [Fact]
    public void A_preimage_is_kept_at_once_and_survives_a_lost_signature()
    {
        using var pair = ChannelPair.Ready();
        pair.Add(pair.Opener, 1_000_000, 1);
        pair.Settle();
        pair.Accepter.Run(pair.Accepter.Channel.FulfillHtlc(0, ChannelPair.Preimage(1)).Value);
        Assert.True(pair.Deliver(pair.Accepter));
        Assert.True(pair.Opener.Channel.TryGetPreimage(ChannelPair.Offer(1, 1).PaymentHash, out var preimage));
        Assert.Equal(ChannelPair.Preimage(1), preimage);
        pair.Crash(pair.Opener);
        Assert.True(pair.Opener.Channel.TryGetPreimage(ChannelPair.Offer(1, 1).PaymentHash, out _));
        pair.Connect();
        pair.Settle();
        Assert.IsType<HtlcOutcome.Fulfilled>(pair.Opener.Outcomes[0]);
        pair.CheckInvariants();
    }

    [Fact]
    public void A_preimage_that_comes_after_the_channel_failed_is_there_for_the_monitor()
    {
        using var pair = ChannelPair.Ready();
        pair.Add(pair.Opener, 1_000_000, 1);
        pair.Settle();
        pair.Accepter.Run(pair.Accepter.Channel.ForceClose("test"));
        pair.Accepter.Run(pair.Accepter.Channel.FulfillHtlc(0, ChannelPair.Preimage(1)).Value);
        Assert.True(pair.Accepter.Channel.TryGetPreimage(ChannelPair.Offer(1, 1).PaymentHash, out _));
        pair.Crash(pair.Accepter);
        Assert.True(pair.Accepter.Channel.TryGetPreimage(ChannelPair.Offer(1, 1).PaymentHash, out _));
        Assert.Contains(pair.Accepter.Effects, effect => effect is ChannelEffect.BroadcastCommitment);
    }

    [Fact]
    public void Fulfilling_twice_does_nothing_and_a_wrong_preimage_is_refused()
    {
        using var pair = ChannelPair.Ready();
        pair.Add(pair.Opener, 1_000_000, 1);
        Assert.False(pair.Accepter.Channel.FulfillHtlc(0, ChannelPair.Preimage(1)).IsOk);
        pair.Settle();
        Assert.False(pair.Accepter.Channel.FulfillHtlc(0, ChannelPair.Preimage(2)).IsOk);
        Assert.False(pair.Accepter.Channel.FailMalformedHtlc(0, default, FailureCode.TemporaryChannelFailure).IsOk);
        pair.Accepter.Run(pair.Accepter.Channel.FulfillHtlc(0, ChannelPair.Preimage(1)).Value);
        Assert.True(pair.Accepter.Channel.FulfillHtlc(0, ChannelPair.Preimage(1)).Value.IsEmpty);
        Assert.False(pair.Accepter.Channel.FailHtlc(0, default).IsOk);
        pair.Settle();
        Assert.Single(pair.Opener.Outcomes);
    }
}

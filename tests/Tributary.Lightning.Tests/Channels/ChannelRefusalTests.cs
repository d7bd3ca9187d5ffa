using Tributary.Lightning.Channels;
using Tributary.Lightning.Features;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Tests.Channels;

/// <summary>Every rule of normal operation, broken by the peer or by a command of ours.</summary>
public sealed class ChannelRefusalTests
{
    private static UpdateAddHtlc Add(ChannelPair pair, long amount = 1_000_000, ulong id = 0, uint expiry = 500) => new()
    {
        ChannelId = pair.Opener.Channel.Id,
        Id = id,
        Amount = new MilliSatoshis(amount),
        PaymentHash = ChannelPair.Offer(1, 1).PaymentHash,
        CltvExpiry = expiry,
        Onion = ChannelPair.Onion(1),
    };

    // Both nodes stand as before but for the connection, and the channel goes on.
    private static void CheckWarned(ChannelPair pair, TestNode node, string reason)
    {
        var warning = Assert.IsType<Warning>(Assert.Single(node.Complaints));
        Assert.Contains(reason, ChannelErrors.Show(warning.Data), StringComparison.Ordinal);
        Assert.False(node.IsConnected);
        Assert.Equal(ChannelStage.Open, node.State.Stage);
        pair.CheckReplay();
        pair.Connect();
        pair.Settle();
        pair.Add(pair.Opener, 2_000_000, 77);
        pair.Settle();
        Assert.Contains(pair.Accepter.Undecided.Values, htlc => htlc.Amount.Value == 2_000_000);
        pair.CheckInvariants();
    }

    private static void CheckFailed(TestNode node, string reason)
    {
        var error = Assert.IsType<Error>(node.Complaints[^1]);
        Assert.Contains(reason, ChannelErrors.Show(error.Data), StringComparison.Ordinal);
        Assert.Equal(ChannelStage.Failed, node.State.Stage);
        Assert.Single(node.Seen<ChannelEffect.BroadcastCommitment>());
    }

    [Theory]
    [InlineData("amount_msat", 0L, 0UL, 500u)]
    [InlineData("htlc_minimum_msat", 999L, 0UL, 500u)]
    [InlineData("cltv_expiry", 1_000_000L, 0UL, 500_000_000u)]
    [InlineData("id 1", 1_000_000L, 1UL, 500u)]
    [InlineData("above its reserve", 690_000_000L, 0UL, 500u)]
    [InlineData("max_htlc_value_in_flight", 1_000_000_001L, 0UL, 500u)]
    public void An_offer_that_breaks_a_rule_is_warned_of(string reason, long amount, ulong id, uint expiry)
    {
        using var pair = ChannelPair.Ready(accepterPolicy: TestNode.DefaultPolicy with { HtlcMinimum = new MilliSatoshis(1_000) });
        pair.Take(pair.Accepter, Add(pair, amount, id, expiry));
        CheckWarned(pair, pair.Accepter, reason);
    }

    [Fact]
    public void More_offers_than_were_agreed_are_warned_of()
    {
        using var pair = ChannelPair.Ready(accepterPolicy: TestNode.DefaultPolicy with { MaxAcceptedHtlcs = 5 });
        for (var id = 0UL; id < 5; id++)
            pair.Take(pair.Accepter, Add(pair, id: id));
        Assert.Empty(pair.Accepter.Complaints);
        pair.Take(pair.Accepter, Add(pair, id: 5));
        CheckWarned(pair, pair.Accepter, "max_accepted_htlcs");
    }

    [Fact]
    public void The_funder_may_not_dip_into_what_the_fee_and_the_reserve_take()
    {
        using var pair = ChannelPair.Ready(push: 0);

        // 1,000,000 less 660 for anchors, 10,000 for the reserve and 1,296 for a commitment with one HTLC.
        var most = 1_000_000_000L - 660_000 - 10_000_000 - 1_296_000;
        pair.Take(pair.Accepter, Add(pair, most + 1));
        Assert.Contains("reserve", ChannelErrors.Show(((Warning)Assert.Single(pair.Accepter.Complaints)).Data), StringComparison.Ordinal);
        pair.Connect();
        pair.Settle();
        pair.Take(pair.Accepter, Add(pair, most));
        Assert.Single(pair.Accepter.Complaints);

        // Of our own we keep the fee of one more HTLC at twice the feerate besides.
        Assert.Equal(1_000_000_000L - 660_000 - 10_000_000 - 2_936_000, pair.Opener.Channel.GetBalance().Sendable.Value);
    }

    [Fact]
    public void What_can_be_sent_is_exactly_what_is_taken()
    {
        foreach (var type in new[] { ChannelType.Anchors, ChannelType.StaticRemoteKey })
        {
            using var pair = ChannelPair.Ready(type: type);
            foreach (var node in pair.Both)
            {
                var sendable = node.Channel.GetBalance().Sendable;
                Assert.False(node.Channel.OfferHtlc(ChannelPair.Offer(sendable.Value + 1, 1), pair.Context, out _).IsOk);
                pair.Add(node, sendable.Value, 1);
                pair.Settle();
                Assert.Single(pair.PeerOf(node).Undecided);
                Assert.Empty(pair.PeerOf(node).Complaints);
                pair.CheckInvariants();
            }
        }
    }

    [Theory]
    [InlineData("amount", 0L, 500u)]
    [InlineData("amount", 700_000_000L, 500u)]
    [InlineData("cltv_expiry", 1_000_000L, 100u)]
    [InlineData("cltv_expiry", 1_000_000L, 2_117u)]
    public void An_offer_of_ours_that_breaks_a_rule_is_refused(string field, long amount, uint expiry)
    {
        using var pair = ChannelPair.Ready();
        Assert.Equal(field, pair.Opener.Channel.OfferHtlc(ChannelPair.Offer(amount, 1, expiry), pair.Context, out _).Error.Field);
        Assert.Equal("onion", pair.Opener.Channel.OfferHtlc(ChannelPair.Offer(1, 1) with { Onion = new byte[9] }, pair.Context, out _).Error.Field);
        pair.Disconnect();
        Assert.Equal("channel", pair.Opener.Channel.OfferHtlc(ChannelPair.Offer(1_000_000, 1), pair.Context, out _).Error.Field);
    }

    [Fact]
    public void Dust_is_offered_up_to_the_exposure_and_marked_beyond_it()
    {
        var policy = TestNode.DefaultPolicy with { DustExposureMax = new MilliSatoshis(1_000_000) };
        using var pair = ChannelPair.Ready(openerPolicy: policy);
        for (var i = 0; i < 5; i++)
            pair.Add(pair.Opener, 200_000, i);
        Assert.Equal("amount", pair.Opener.Channel.OfferHtlc(ChannelPair.Offer(200_000, 9), pair.Context, out _).Error.Field);
        Assert.True(pair.Opener.Channel.OfferHtlc(ChannelPair.Offer(2_000_000, 9), pair.Context, out _).IsOk);

        using var marked = ChannelPair.Ready(accepterPolicy: policy);
        for (var i = 0; i < 7; i++)
            marked.Add(marked.Opener, 200_000, i);
        marked.Settle();
        Assert.Equal([false, false, false, false, false, true, true], marked.Accepter.Undecided.Values.Select(htlc => htlc.ExceedsDustExposure));
    }

    [Fact]
    public void A_feerate_out_of_bounds_or_from_the_wrong_side_is_warned_of()
    {
        foreach (var feerate in new[] { 252, 50_001 })
        {
            using var pair = ChannelPair.Ready();
            pair.Take(pair.Accepter, new UpdateFee { ChannelId = pair.Opener.Channel.Id, Feerate = new FeeratePerKw(feerate) });
            CheckWarned(pair, pair.Accepter, "feerate_per_kw");
        }

        using var wrong = ChannelPair.Ready();
        wrong.Take(wrong.Opener, new UpdateFee { ChannelId = wrong.Opener.Channel.Id, Feerate = new FeeratePerKw(2_000) });
        CheckWarned(wrong, wrong.Opener, "side");
    }

    [Fact]
    public void A_feerate_that_turns_HTLCs_into_dust_is_refused_and_one_beside_old_dust_is_not()
    {
        var policy = TestNode.DefaultPolicy with { DustExposureMax = new MilliSatoshis(3_000_000) };
        using var pair = ChannelPair.Ready(type: ChannelType.StaticRemoteKey, openerPolicy: policy, accepterPolicy: policy);
        pair.Add(pair.Opener, 2_500_000, 1);
        pair.Add(pair.Opener, 3_000_000, 2);
        pair.Settle();
        Assert.Equal("feerate", pair.Opener.Channel.UpdateFee(new FeeratePerKw(2_000)).Error.Field);
        pair.Take(pair.Accepter, new UpdateFee { ChannelId = pair.Opener.Channel.Id, Feerate = new FeeratePerKw(2_000) });
        Assert.Contains("without outputs", ChannelErrors.Show(((Warning)Assert.Single(pair.Accepter.Complaints)).Data), StringComparison.Ordinal);
        Assert.Equal(ChannelStage.Open, pair.Accepter.State.Stage);

        using var beside = ChannelPair.Ready(accepterPolicy: policy);
        for (var i = 0; i < 20; i++)
            beside.Add(beside.Opener, 200_000, i);
        beside.Settle();
        Assert.Contains(beside.Accepter.Undecided.Values, htlc => htlc.ExceedsDustExposure);
        beside.Opener.Run(beside.Opener.Channel.UpdateFee(new FeeratePerKw(2_000)).Value);
        beside.Settle();
        Assert.Empty(beside.Accepter.Complaints);
        Assert.Equal(new FeeratePerKw(2_000), beside.Accepter.Channel.Local!.State.Feerate);
    }

    [Fact]
    public void A_feerate_that_the_funder_cannot_pay_is_not_signed_for()
    {
        using var pair = ChannelPair.Ready(funding: 100_000, push: 80_000_000);
        Assert.Equal("feerate", pair.Opener.Channel.UpdateFee(new FeeratePerKw(20_000)).Error.Field);
        pair.Take(pair.Accepter, new UpdateFee { ChannelId = pair.Opener.Channel.Id, Feerate = new FeeratePerKw(20_000) });
        Assert.Empty(pair.Accepter.Complaints);
        pair.Take(pair.Accepter, new CommitmentSigned { ChannelId = pair.Opener.Channel.Id, Signature = default, HtlcSignatures = [] });
        CheckWarned(pair, pair.Accepter, "cannot pay");
    }

    [Fact]
    public void Removals_of_what_is_not_there_are_warned_of()
    {
        foreach (var (make, reason) in new (Func<ChannelId, LightningMessage> Make, string Reason)[]
        {
            (id => new UpdateFulfillHtlc { ChannelId = id, Id = 0, PaymentPreimage = ChannelPair.Preimage(2) }, "payment_preimage"),
            (id => new UpdateFulfillHtlc { ChannelId = id, Id = 1, PaymentPreimage = ChannelPair.Preimage(1) }, "no HTLC 1"),
            (id => new UpdateFailHtlc { ChannelId = id, Id = 3, Reason = new byte[2] }, "no HTLC 3"),
            (id => new UpdateFailMalformedHtlc { ChannelId = id, Id = 0, Sha256OfOnion = default, FailureCode = 0x4005 }, "BADONION"),
        })
        {
            using var pair = ChannelPair.Ready();
            pair.Add(pair.Opener, 1_000_000, 1);
            pair.Settle();
            pair.Take(pair.Opener, make(pair.Opener.Channel.Id));
            CheckWarned(pair, pair.Opener, reason);
        }
    }

    [Fact]
    public void Nothing_is_removed_before_it_is_committed_nor_twice()
    {
        using var pair = ChannelPair.Ready();
        pair.Add(pair.Opener, 1_000_000, 1);
        pair.Flush(pair.Opener);
        var fulfill = new UpdateFulfillHtlc { ChannelId = pair.Opener.Channel.Id, Id = 0, PaymentPreimage = ChannelPair.Preimage(1) };
        pair.Take(pair.Opener, fulfill);
        Assert.Contains("not committed", ChannelErrors.Show(((Warning)Assert.Single(pair.Opener.Complaints)).Data), StringComparison.Ordinal);

        using var twice = ChannelPair.Ready();
        twice.Add(twice.Opener, 1_000_000, 1);
        twice.Settle();
        twice.Take(twice.Opener, fulfill with { ChannelId = twice.Opener.Channel.Id });
        twice.Take(twice.Opener, fulfill with { ChannelId = twice.Opener.Channel.Id });
        Assert.Contains("removed already", ChannelErrors.Show(((Warning)Assert.Single(twice.Opener.Complaints)).Data), StringComparison.Ordinal);
    }

    [Fact]
    public void A_bad_signature_is_not_taken_whichever_it_is()
    {
        for (var which = 0; which < 4; which++)
        {
            using var pair = ChannelPair.Ready();
            for (var i = 0; i < 20; i++)
                pair.Add(pair.Opener, 1_000_000, i);
            pair.Flush(pair.Opener);
            for (var i = 0; i < 20; i++)
                pair.Deliver(pair.Opener);
            var signed = (CommitmentSigned)LightningMessage.Read(pair.Opener.Outgoing.Dequeue()).Value;
            var htlcs = signed.HtlcSignatures.ToArray();
            pair.Take(pair.Accepter, which switch
            {
                0 => signed with { Signature = htlcs[0] },
                1 => signed with { HtlcSignatures = [.. htlcs.Skip(1)] },
                2 => signed with { HtlcSignatures = [.. htlcs, htlcs[0]] },
                _ => signed with { HtlcSignatures = [.. htlcs.Reverse()] },
            });
            Assert.Equal(0UL, pair.Accepter.State.LocalNumber);
            Assert.Empty(pair.Accepter.Seen<ChannelEffect.HtlcCommitted>());
            CheckWarned(pair, pair.Accepter, "commitment_signed");
            Assert.Equal(21, pair.Accepter.Undecided.Count);
        }
    }

    [Fact]
    public void A_secret_that_does_not_fit_fails_the_channel()
    {
        foreach (var which in new[] { 0, 1, 2 })
        {
            using var pair = ChannelPair.Ready();
            pair.Add(pair.Opener, 1_000_000, 1);
            pair.Flush(pair.Opener);
            pair.Deliver(pair.Opener);
            pair.Deliver(pair.Opener);
            var revocation = (RevokeAndAck)LightningMessage.Read(pair.Accepter.Outgoing.Dequeue()).Value;
            pair.Take(pair.Opener, which switch
            {
                0 => revocation with { PerCommitmentSecret = default },
                1 => revocation with { PerCommitmentSecret = ChannelPair.Preimage(3) },
                _ => revocation,
            });
            if (which == 2)
                pair.Take(pair.Opener, revocation);
            CheckFailed(pair.Opener, "revoke_and_ack");
            Assert.False(pair.Opener.Channel.OfferHtlc(ChannelPair.Offer(1_000_000, 2), pair.Context, out _).IsOk);
            pair.CheckReplay();
        }
    }

    [Fact]
    public void An_error_fails_the_channel_and_a_warning_does_not()
    {
        using var pair = ChannelPair.Ready();
        pair.Take(pair.Opener, new Warning { ChannelId = pair.Opener.Channel.Id, Data = new byte[] { 65, 10, 66 } });
        Assert.Equal(ChannelStage.Open, pair.Opener.State.Stage);
        pair.Take(pair.Opener, new Error { ChannelId = pair.Opener.Channel.Id, Data = new byte[] { 65, 10, 66 } });
        Assert.Equal(ChannelStage.Failed, pair.Opener.State.Stage);
        Assert.Equal("the peer sent an error: A?B", pair.Opener.State.Ending);
        Assert.Single(pair.Opener.Seen<ChannelEffect.BroadcastCommitment>());
        Assert.Empty(pair.Opener.Complaints);
    }

    [Fact]
    public void Messages_out_of_place_are_warned_of_and_never_thrown_at()
    {
        foreach (var sample in MessagesOfAChannel())
        {
            using var pair = ChannelPair.Ready();
            pair.Disconnect();
            pair.Connect();
            pair.Take(pair.Accepter, sample);
            using var opening = new ChannelPair();
            opening.Propose();
            opening.Take(opening.Opener, sample);
            Assert.NotEqual(ChannelStage.Open, opening.Opener.State.Stage);
            using var closed = ChannelPair.Ready();
            closed.Opener.Run(closed.Opener.Channel.Shutdown(null).Value);
            closed.Settle();
            closed.Take(closed.Accepter, sample);
            Assert.Equal(ChannelStage.Closed, closed.Accepter.State.Stage);
        }
    }

    [Fact]
    public void A_spent_funding_ends_the_channel_without_our_commitment()
    {
        using var pair = ChannelPair.Ready();
        pair.Opener.Run(pair.Opener.Channel.FundingSpent(pair.FundingTransaction!.TxId));
        Assert.Equal(ChannelStage.Failed, pair.Opener.State.Stage);
        Assert.Empty(pair.Opener.Seen<ChannelEffect.BroadcastCommitment>());
        pair.Crash(pair.Opener);
        Assert.Empty(pair.Opener.Seen<ChannelEffect.BroadcastCommitment>());
    }

    [Fact]
    public void An_offer_that_was_never_signed_for_ends_with_the_channel_and_no_other_does()
    {
        using var pair = ChannelPair.Ready();
        pair.Add(pair.Opener, 1_000_000, 1);
        pair.Flush(pair.Opener);
        pair.Add(pair.Opener, 2_000_000, 2);
        pair.Opener.Run(pair.Opener.Channel.ForceClose("test"));
        Assert.Equal([1UL], pair.Opener.Outcomes.Keys);
        Assert.IsType<HtlcOutcome.Failed>(pair.Opener.Outcomes[1]);
        Assert.Equal(0UL, Assert.Single(pair.Opener.Channel.NextRemote!.Htlcs).Id);
        pair.CheckReplay();
        pair.Opener.Outcomes.Clear();
        pair.Crash(pair.Opener);
        Assert.Equal([1UL], pair.Opener.Outcomes.Keys);
    }

    private static IEnumerable<LightningMessage> MessagesOfAChannel()
    {
        yield return new CommitmentSigned { ChannelId = default, Signature = default, HtlcSignatures = [] };
        yield return new RevokeAndAck { ChannelId = default, PerCommitmentSecret = default, NextPerCommitmentPoint = TestKeys.Secret(7).PublicKey };
        yield return new UpdateFee { ChannelId = default, Feerate = new FeeratePerKw(500) };
        yield return new UpdateFailHtlc { ChannelId = default, Id = 0, Reason = default };
        yield return new UpdateFulfillHtlc { ChannelId = default, Id = 0, PaymentPreimage = default };
        yield return new ClosingSigned { ChannelId = default, Fee = new Satoshis(500), Signature = default };
        yield return new FundingSigned { ChannelId = default, Signature = default };
        yield return new FundingCreated { TemporaryChannelId = default, FundingTxId = default, FundingOutputIndex = 0, Signature = default };
    }
}

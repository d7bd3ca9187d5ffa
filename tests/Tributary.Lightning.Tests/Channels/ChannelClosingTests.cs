using Tributary.Bitcoin.Scripts;
using Tributary.Lightning.Channels;
using Tributary.Lightning.Commitments;
using Tributary.Lightning.Messages;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Tests.Channels;

public sealed class ChannelClosingTests
{
    private static readonly ChannelPolicy s_bound = TestNode.DefaultPolicy with { BindsShutdownScript = true };

    private static void CheckClosed(ChannelPair pair)
    {
        Assert.All(pair.Both, node => Assert.Equal(ChannelStage.Closed, node.State.Stage));
        var closing = pair.Opener.State.ClosingTransaction!;
        Assert.Equal(closing.TxId, pair.Accepter.State.ClosingTransaction!.TxId);
        Assert.All(pair.Both, node => Assert.Contains(node.Channel.MutualCloses, known => known.TxId == closing.TxId));
        Assert.All(pair.Both, node => Assert.NotEmpty(node.Seen<ChannelEffect.Closed>()));
        Assert.Equal(pair.Opener.Channel.LocalContract.Funding, closing.PreviousOutput(0));
        pair.CheckReplay();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Either_side_closes_and_both_are_paid(bool opener)
    {
        using var pair = ChannelPair.Ready();
        var node = opener ? pair.Opener : pair.Accepter;
        node.Run(node.Channel.Shutdown(null).Value);
        pair.Settle();
        CheckClosed(pair);
        var closing = pair.Opener.State.ClosingTransaction!;
        var outputs = closing.Outputs.ToDictionary(output => output.ScriptPubKey, output => output.Value);
        Assert.Equal(new Satoshis(300_000), outputs[pair.Accepter.ShutdownScript]);
        var fee = new Satoshis(700_000) - outputs[pair.Opener.ShutdownScript];
        Assert.Equal(pair.Opener.State.ClosingFee, fee);
        Assert.InRange(fee.Value, closing.Weight - 6, closing.Weight + 6);
        Assert.Equal(
            ScriptError.Ok,
            TransactionVerifier.VerifyInput(closing, 0, [pair.Opener.Channel.LocalContract.FundingOutput], ScriptFlags.Standard));
    }

    [Fact]
    public void HTLCs_are_resolved_before_the_close_and_none_is_added()
    {
        using var pair = ChannelPair.Ready();
        pair.Add(pair.Opener, 10_000_000, 1);
        pair.Add(pair.Accepter, 20_000_000, 2);
        pair.Settle();
        pair.Opener.Run(pair.Opener.Channel.Shutdown(null).Value);
        Assert.False(pair.Opener.Channel.OfferHtlc(ChannelPair.Offer(1_000_000, 3), pair.Context, out _).IsOk);
        pair.Settle();
        Assert.All(pair.Both, node => Assert.Equal(ChannelStage.Closing, node.State.Stage));
        Assert.False(pair.Accepter.Channel.OfferHtlc(ChannelPair.Offer(1_000_000, 3), pair.Context, out _).IsOk);
        pair.Reconnect();
        pair.Accepter.Run(pair.Accepter.Channel.FulfillHtlc(0, ChannelPair.Preimage(1)).Value);
        pair.Opener.Run(pair.Opener.Channel.FailHtlc(0, new byte[1]).Value);
        pair.Settle();
        CheckClosed(pair);
        var outputs = pair.Opener.State.ClosingTransaction!.Outputs.ToDictionary(output => output.ScriptPubKey, output => output.Value);
        Assert.Equal(new Satoshis(310_000), outputs[pair.Accepter.ShutdownScript]);
    }

    [Fact]
    public void Shutdown_waits_until_what_was_offered_is_signed_for()
    {
        using var pair = ChannelPair.Ready();
        pair.Add(pair.Opener, 10_000_000, 1);
        pair.Opener.Run(pair.Opener.Channel.Shutdown(null).Value);
        Assert.DoesNotContain(pair.Opener.Outgoing, bytes => LightningMessage.Read(bytes).Value is Shutdown);
        pair.Flush(pair.Opener);
        Assert.Equal(
            [MessageType.UpdateAddHtlc, MessageType.CommitmentSigned, MessageType.Shutdown],
            pair.Opener.Outgoing.Select(bytes => LightningMessage.Read(bytes).Value.Type));
        pair.Settle();
        pair.Accepter.Run(pair.Accepter.Channel.FulfillHtlc(0, ChannelPair.Preimage(1)).Value);
        pair.Settle();
        CheckClosed(pair);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_connection_or_process_lost_at_every_message_of_a_close_does_not_stop_it(int killed)
    {
        for (var at = 0; at < 12; at++)
        {
            using var pair = ChannelPair.Ready();
            var left = at;
            pair.BeforeDelivery = (_, _) =>
            {
                if (left-- != 0)
                    return true;
                if (killed > 0)
                    pair.Crash(killed == 1 ? pair.Opener : pair.Accepter);
                return false;
            };
            pair.Accepter.Run(pair.Accepter.Channel.Shutdown(null).Value);
            pair.Settle();
            pair.BeforeDelivery = null;
            pair.Connect();
            pair.Settle();
            CheckClosed(pair);
            Assert.All(pair.Both, node => Assert.Empty(node.Complaints));
        }
    }

    [Fact]
    public void A_close_asked_for_while_the_peer_is_away_goes_on_when_it_is_back()
    {
        using var pair = ChannelPair.Ready();
        pair.Disconnect();
        pair.Opener.Run(pair.Opener.Channel.Shutdown(null).Value);
        pair.Crash(pair.Opener);
        pair.Connect();
        pair.Settle();
        CheckClosed(pair);
    }

    [Fact]
    public void A_channel_that_is_not_ready_yet_can_be_closed()
    {
        using var pair = new ChannelPair();
        pair.Propose();
        pair.Settle();
        pair.Opener.Run(pair.Opener.Channel.Shutdown(null).Value);
        pair.Settle();
        CheckClosed(pair);
    }

    [Fact]
    public void An_output_that_is_dust_is_left_out()
    {
        using var pair = ChannelPair.Ready(push: 200_000);
        pair.Opener.Run(pair.Opener.Channel.Shutdown(null).Value);
        pair.Settle();
        CheckClosed(pair);
        Assert.Equal(pair.Opener.ShutdownScript, Assert.Single(pair.Opener.State.ClosingTransaction!.Outputs).ScriptPubKey);
    }

    [Fact]
    public void A_script_that_was_agreed_at_the_start_is_held_to()
    {
        using var pair = ChannelPair.Ready(openerPolicy: s_bound, accepterPolicy: s_bound);
        var other = StandardScripts.P2wpkh(new byte[20]);
        Assert.Equal("script", pair.Opener.Channel.Shutdown(other).Error.Field);
        pair.Take(pair.Accepter, new Shutdown { ChannelId = pair.Opener.Channel.Id, ScriptPubKey = other });
        Assert.IsType<Warning>(Assert.Single(pair.Accepter.Complaints));
        Assert.Equal(ChannelStage.Open, pair.Accepter.State.Stage);
        pair.Connect();
        pair.Opener.Run(pair.Opener.Channel.Shutdown(null).Value);
        pair.Settle();
        pair.Connect();
        pair.Settle();
        CheckClosed(pair);
    }

    [Fact]
    public void Scripts_follow_the_rules_of_BOLT_2()
    {
        Assert.True(ShutdownScripts.IsAllowed(StandardScripts.P2wpkh(new byte[20]), anySegwit: false));
        Assert.True(ShutdownScripts.IsAllowed(StandardScripts.P2wsh(new byte[32]), anySegwit: false));
        Assert.False(ShutdownScripts.IsAllowed(StandardScripts.P2tr(new byte[32]), anySegwit: false));
        Assert.True(ShutdownScripts.IsAllowed(StandardScripts.P2tr(new byte[32]), anySegwit: true));
        Assert.True(ShutdownScripts.IsAllowed(StandardScripts.WitnessProgram(16, new byte[40]), anySegwit: true));
        Assert.False(ShutdownScripts.IsAllowed(StandardScripts.P2pkh(new byte[20]), anySegwit: true));
        Assert.False(ShutdownScripts.IsAllowed(StandardScripts.P2sh(new byte[20]), anySegwit: true));
        Assert.False(ShutdownScripts.IsAllowed(StandardScripts.OpReturn(new byte[20]), anySegwit: true));
        Assert.False(ShutdownScripts.IsAllowed(Script.Empty, anySegwit: true));
    }

    [Theory]
    [InlineData(250, 400, true)]
    [InlineData(2_000, 3_000, true)]
    [InlineData(10, 20, false)]
    [InlineData(699_000, 700_000, true)]
    public void The_fundee_meets_the_openers_range_where_the_two_overlap(long fee, long max, bool meets)
    {
        using var pair = ChannelPair.Ready();
        pair.Opener.Run(pair.Opener.Channel.Shutdown(null).Value);
        pair.Deliver(pair.Opener);
        pair.Deliver(pair.Accepter);
        pair.Flush(pair.Opener);
        Assert.IsType<ClosingSigned>(LightningMessage.Read(Assert.Single(pair.Opener.Outgoing)).Value);
        pair.Opener.Outgoing.Clear();
        pair.Take(pair.Accepter, SignedByOpener(pair, fee, new FeeRange(new Satoshis(fee), new Satoshis(max))));
        if (meets)
        {
            Assert.Equal(ChannelStage.Closed, pair.Accepter.State.Stage);
            Assert.Equal(new Satoshis(fee), pair.Accepter.State.ClosingFee);
        }
        else
        {
            Assert.Equal(ChannelStage.Closing, pair.Accepter.State.Stage);
            Assert.IsType<Warning>(Assert.Single(pair.Accepter.Complaints));
        }
    }

    [Fact]
    public void The_opener_takes_any_fee_in_its_range_and_fails_the_channel_for_another()
    {
        foreach (var (fee, agrees) in new[] { (600L, true), (100_000L, false) })
        {
            using var pair = ChannelPair.Ready();
            pair.Opener.Run(pair.Opener.Channel.Shutdown(null).Value);
            pair.Deliver(pair.Opener);
            pair.Deliver(pair.Accepter);
            pair.Flush(pair.Opener);
            pair.Opener.Outgoing.Clear();
            pair.Take(pair.Opener, SignedByAccepter(pair, fee, new FeeRange(new Satoshis(253), new Satoshis(200_000))));
            Assert.Equal(agrees ? ChannelStage.Closed : ChannelStage.Failed, pair.Opener.State.Stage);
            Assert.Equal(agrees ? 0 : 1, pair.Opener.Seen<ChannelEffect.BroadcastCommitment>().Count());
            Assert.Equal(agrees ? 2 : 1, pair.Opener.State.ClosingTransactions.Count);
        }
    }

    [Fact]
    public void Fees_that_never_meet_end_in_a_force_close_after_three_connections()
    {
        using var pair = ChannelPair.Ready();
        pair.Opener.Run(pair.Opener.Channel.Shutdown(null).Value);
        pair.Deliver(pair.Opener);
        pair.Deliver(pair.Accepter);
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            if (attempt == 1)
                pair.Flush(pair.Opener);
            pair.Opener.Outgoing.Clear();
            pair.Take(pair.Accepter, SignedByOpener(pair, 10, new FeeRange(new Satoshis(10), new Satoshis(20))));
            Assert.Equal(attempt < 3 ? ChannelStage.Closing : ChannelStage.Failed, pair.Accepter.State.Stage);
            if (attempt == 3)
                break;
            pair.Disconnect();
            pair.Connect();

            // Reestablishment and shutdown again, without the offer that would end it.
            while (pair.Opener.Outgoing.Count + pair.Accepter.Outgoing.Count > 0)
            {
                if (pair.Opener.Outgoing.TryPeek(out var next) && LightningMessage.Read(next).Value is ClosingSigned)
                    pair.Opener.Outgoing.Dequeue();
                pair.Deliver(pair.Opener);
                pair.Deliver(pair.Accepter);
            }
        }

        var broadcast = Assert.Single(pair.Accepter.Seen<ChannelEffect.BroadcastCommitment>());
        Assert.Contains("no closing fee was agreed to", broadcast.Reason, StringComparison.Ordinal);
        Assert.Equal(2, pair.Accepter.Complaints.OfType<Warning>().Count());
        Assert.Single(pair.Accepter.Complaints.OfType<Error>());
    }

    [Fact]
    public void Without_ranges_the_two_meet_in_the_middle()
    {
        using var pair = ChannelPair.Ready();
        pair.Opener.Run(pair.Opener.Channel.Shutdown(null).Value);
        pair.Deliver(pair.Opener);
        pair.Deliver(pair.Accepter);
        pair.Flush(pair.Opener);
        pair.Opener.Outgoing.Clear();
        pair.Take(pair.Opener, SignedByAccepter(pair, 3_000, null));
        var answer = (ClosingSigned)LightningMessage.Read(pair.Opener.Outgoing.Dequeue()).Value;
        Assert.InRange(answer.Fee.Value, 700, 1_400);
        Assert.Equal(ChannelStage.Closing, pair.Opener.State.Stage);
        pair.Take(pair.Opener, SignedByAccepter(pair, answer.Fee.Value, null));
        Assert.Equal(ChannelStage.Closed, pair.Opener.State.Stage);
        Assert.Equal(answer.Fee, pair.Opener.State.ClosingFee);
    }

    [Fact]
    public void A_closing_signature_that_is_wrong_or_early_costs_the_connection_only()
    {
        using var pair = ChannelPair.Ready();
        pair.Take(pair.Opener, SignedByAccepter(pair, 700, null));
        Assert.IsType<Warning>(Assert.Single(pair.Opener.Complaints));
        pair.Connect();
        pair.Settle();
        pair.Opener.Run(pair.Opener.Channel.Shutdown(null).Value);
        pair.Deliver(pair.Opener);
        pair.Deliver(pair.Accepter);
        pair.Take(pair.Opener, SignedByAccepter(pair, 700, null) with { Fee = new Satoshis(701) });
        Assert.IsType<Warning>(pair.Opener.Complaints[^1]);
        Assert.Equal(ChannelStage.Closing, pair.Opener.State.Stage);
        pair.Connect();
        pair.Settle();
        CheckClosed(pair);
    }

    [Fact]
    public void An_HTLC_after_the_peers_shutdown_is_refused()
    {
        using var pair = ChannelPair.Ready();
        pair.Opener.Run(pair.Opener.Channel.Shutdown(null).Value);
        pair.Deliver(pair.Opener);
        var offer = ChannelPair.Offer(1_000_000, 1);
        pair.Take(pair.Accepter, new UpdateAddHtlc
        {
            ChannelId = pair.Opener.Channel.Id,
            Id = 0,
            Amount = offer.Amount,
            PaymentHash = offer.PaymentHash,
            CltvExpiry = 500,
            Onion = offer.Onion,
        });
        Assert.IsType<Warning>(Assert.Single(pair.Accepter.Complaints));
    }

    private static ClosingSigned SignedByOpener(ChannelPair pair, long fee, FeeRange? range) => Signed(pair, pair.Opener, fee, range);

    private static ClosingSigned SignedByAccepter(ChannelPair pair, long fee, FeeRange? range) => Signed(pair, pair.Accepter, fee, range);

    private static ClosingSigned Signed(ChannelPair pair, TestNode by, long fee, FeeRange? range)
    {
        var closing = ClosingTransactionOf(by, pair.PeerOf(by), new Satoshis(fee));
        using var keys = by.Keys.ChannelKeys(by.KeyId);
        return new ClosingSigned { ChannelId = by.Channel.Id, Fee = new Satoshis(fee), Signature = keys.SignClosing(closing), FeeRange = range };
    }

    private static ClosingTransaction ClosingTransactionOf(TestNode by, TestNode peer, Satoshis fee) => ClosingTransaction.Build(
        by.Channel.LocalContract,
        new ClosingShare(by.Channel.GetBalance().Ours, by.ShutdownScript),
        new ClosingShare(by.Channel.GetBalance().Theirs, peer.ShutdownScript),
        fee,
        by.Policy.DustLimit);
}

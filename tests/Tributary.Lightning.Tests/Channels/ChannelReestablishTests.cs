using Tributary.Lightning.Channels;
using Tributary.Lightning.Messages;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Tests.Channels;

public sealed class ChannelReestablishTests
{
    // Add both ways at once, fulfil and fail: commitment_signed and revoke_and_ack cross in every order.
    private static void Play(ChannelPair pair)
    {
        void Try(TestNode node, int number)
        {
            if (node.Channel.OfferHtlc(ChannelPair.Offer(1_000_000 + number, number), pair.Context, out _).TryGet(out var step))
                node.Run(step);
        }

        Try(pair.Opener, 1);
        Try(pair.Accepter, 2);
        pair.Flush(pair.Opener);
        pair.Flush(pair.Accepter);
        pair.Settle();
        pair.Connect();
        pair.Settle();
        foreach (var node in pair.Both)
        {
            foreach (var htlc in node.Undecided.Values.ToList())
            {
                node.Undecided.Remove(htlc.Id);
                var number = BitConverter.ToInt32(htlc.Onion.Span);
                node.Run(node.Channel.FulfillHtlc(htlc.Id, ChannelPair.Preimage(number)).Value);
            }

            pair.Flush(node);
        }

        pair.Settle();
        pair.Connect();
        pair.Settle();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_connection_or_process_lost_at_every_message_of_a_payment_loses_nothing(int killed)
    {
        for (var at = 0; at < 40; at++)
        {
            using var pair = ChannelPair.Ready();
            var left = at;
            var messages = 0;
            pair.BeforeDelivery = (_, _) =>
            {
                messages++;
                if (left-- != 0)
                    return true;
                if (killed > 0)
                    pair.Crash(killed == 1 ? pair.Opener : pair.Accepter);
                return false;
            };
            Play(pair);
            pair.BeforeDelivery = null;
            Play(pair);
            Assert.All(pair.Both, node => Assert.Empty(node.Complaints));
            Assert.True(pair.Opener.State.IsClear && pair.Accepter.State.IsClear);
            Assert.All(pair.Both, node => Assert.All(node.Outcomes.Values, outcome => Assert.IsType<HtlcOutcome.Fulfilled>(outcome)));
            pair.CheckInvariants();
            pair.CheckReplay();
            if (messages <= at)
                return;
        }

        Assert.Fail("The exchange never ended.");
    }

    [Fact]
    public void Both_answers_lost_come_again_in_the_order_in_which_they_were_sent()
    {
        foreach (var signsFirst in new[] { true, false })
        {
            using var pair = ChannelPair.Ready();
            pair.Add(pair.Accepter, 1_000_000, 1);
            pair.Flush(pair.Accepter);
            pair.Add(pair.Opener, 1_000_000, 2);
            if (signsFirst)
                pair.Flush(pair.Opener);
            pair.Deliver(pair.Accepter);
            pair.Deliver(pair.Accepter);
            if (!signsFirst)
                pair.Flush(pair.Opener);
            pair.Disconnect();
            pair.Connect();
            pair.Deliver(pair.Accepter);
            var types = pair.Opener.Outgoing.Select(bytes => LightningMessage.Read(bytes).Value.Type).ToArray();
            MessageType[] expected = signsFirst
                ? [MessageType.ChannelReestablish, MessageType.UpdateAddHtlc, MessageType.CommitmentSigned, MessageType.RevokeAndAck]
                : [MessageType.ChannelReestablish, MessageType.RevokeAndAck, MessageType.UpdateAddHtlc, MessageType.CommitmentSigned];
            Assert.Equal(expected, types.Where(type => type != MessageType.ChannelReady));
            pair.Settle();
            pair.CheckInvariants();
            Assert.Single(pair.Opener.Undecided);
            Assert.Single(pair.Accepter.Undecided);
        }
    }

    [Fact]
    public void A_node_that_is_behind_never_broadcasts_and_the_other_closes()
    {
        using var pair = ChannelPair.Ready();
        var old = pair.Opener.Log.Count;
        for (var i = 0; i < 3; i++)
        {
            pair.Add(pair.Opener, 1_000_000, i);
            pair.Settle();
        }

        // Restored from an old copy without knowing it.
        pair.Opener.Log.RemoveRange(old, pair.Opener.Log.Count - old);
        pair.Crash(pair.Opener);
        pair.Connect();
        pair.Settle();
        Assert.Equal(ChannelStage.Stale, pair.Opener.State.Stage);
        Assert.True(pair.Opener.Channel.IsStale);
        Assert.Empty(pair.Opener.Seen<ChannelEffect.BroadcastCommitment>());
        Assert.IsType<Error>(pair.Opener.Complaints[^1]);
        Assert.Equal(ChannelStage.Failed, pair.Accepter.State.Stage);
        Assert.Single(pair.Accepter.Seen<ChannelEffect.BroadcastCommitment>());
        pair.Opener.Run(pair.Opener.Channel.ForceClose("the operator wants it"));
        Assert.Empty(pair.Opener.Seen<ChannelEffect.BroadcastCommitment>());
    }

    [Fact]
    public void A_restored_channel_says_where_it_stands_and_asks_the_peer_to_close()
    {
        using var pair = ChannelPair.Ready();
        pair.Add(pair.Opener, 1_000_000, 1);
        pair.Settle();
        pair.Crash(pair.Opener);
        pair.Opener.Run(pair.Opener.Channel.MarkStale("restored from a replica"));
        pair.Connect();
        var types = pair.Opener.Outgoing.Select(bytes => LightningMessage.Read(bytes).Value.Type).ToArray();
        Assert.Equal([MessageType.ChannelReestablish, MessageType.Error], types);
        pair.Settle();
        Assert.Equal(ChannelStage.Stale, pair.Opener.State.Stage);
        Assert.Equal(ChannelStage.Failed, pair.Accepter.State.Stage);
        Assert.Empty(pair.Opener.Seen<ChannelEffect.BroadcastCommitment>());
        pair.Crash(pair.Opener);
        Assert.True(pair.Opener.Channel.IsStale);
        Assert.Empty(pair.Opener.Seen<ChannelEffect.BroadcastCommitment>());
    }

    [Fact]
    public void A_static_backup_is_enough_to_ask_the_peer_to_close()
    {
        using var pair = ChannelPair.Ready();
        var backup = pair.Opener.State.ToStaticBackup();
        pair.Add(pair.Opener, 1_000_000, 1);
        pair.Settle();
        pair.Disconnect();
        pair.Opener.Channel.Dispose();
        pair.Opener.Channel = new Channel(ChannelState.Read(backup).Value, pair.Opener.Keys.ChannelKeys(pair.Opener.KeyId), pair.Opener.Policy);
        Assert.True(pair.Opener.Channel.IsStale);
        Assert.Null(pair.Opener.Channel.Local);
        Assert.Null(pair.Opener.Channel.Remote);
        Assert.Equal(pair.Accepter.Channel.Id, pair.Opener.Channel.Id);
        Assert.Equal(pair.Accepter.Channel.LocalContract, pair.Opener.Channel.RemoteContract);
        pair.Connect();
        pair.Settle();
        Assert.Equal(ChannelStage.Failed, pair.Accepter.State.Stage);
        Assert.Empty(pair.Opener.Seen<ChannelEffect.BroadcastCommitment>());
        Assert.Equal(backup, pair.Opener.State.ToArray());
    }

    [Fact]
    public void Numbers_that_cannot_be_fail_the_channel()
    {
        var cases = new Func<ChannelReestablish, ChannelReestablish>[]
        {
            message => message with { NextCommitmentNumber = 0 },
            message => message with { NextCommitmentNumber = message.NextCommitmentNumber + 1 },
            message => message with { NextCommitmentNumber = message.NextCommitmentNumber - 1 },
            message => message with { NextCommitmentNumber = ulong.MaxValue },
            message => message with { NextRevocationNumber = message.NextRevocationNumber + 1 },
            message => message with { NextRevocationNumber = ulong.MaxValue },
            message => message with { NextRevocationNumber = 0, YourLastPerCommitmentSecret = default },
            message => message with { YourLastPerCommitmentSecret = ChannelPair.Preimage(1) },
        };
        foreach (var change in cases)
        {
            using var pair = ChannelPair.Ready();
            for (var i = 0; i < 3; i++)
            {
                pair.Add(pair.Opener, 1_000_000, i);
                pair.Settle();
            }

            pair.Disconnect();
            pair.Connect();
            var message = (ChannelReestablish)LightningMessage.Read(pair.Opener.Outgoing.Dequeue()).Value;
            pair.Take(pair.Accepter, change(message));
            Assert.Equal(ChannelStage.Failed, pair.Accepter.State.Stage);
            Assert.Single(pair.Accepter.Seen<ChannelEffect.BroadcastCommitment>());
            Assert.IsType<Error>(pair.Accepter.Complaints[^1]);
        }
    }

    [Fact]
    public void A_message_before_reestablish_or_a_second_reestablish_costs_the_connection_only()
    {
        using var pair = ChannelPair.Ready();
        pair.Disconnect();
        pair.Connect();
        pair.Take(pair.Accepter, new UpdateFee { ChannelId = pair.Accepter.Channel.Id, Feerate = new FeeratePerKw(2000) });
        Assert.IsType<Warning>(pair.Accepter.Complaints[^1]);
        Assert.False(pair.Accepter.IsConnected);
        pair.Connect();
        var bytes = pair.Opener.Outgoing.Peek();
        pair.Settle();
        pair.Take(pair.Accepter, LightningMessage.Read(bytes).Value);
        Assert.IsType<Warning>(pair.Accepter.Complaints[^1]);
        pair.Connect();
        pair.Settle();
        Assert.True(pair.Opener.Channel.IsUsable && pair.Accepter.Channel.IsUsable);
    }

    [Fact]
    public void After_a_restart_nothing_of_ours_is_published_before_the_peer_has_agreed()
    {
        using var pair = Paid();
        pair.Crash(pair.Opener);
        Assert.False(pair.Opener.Channel.IsConfirmed);
        pair.Opener.Run(pair.Opener.Channel.ForceClose("asked by the operator"));
        Assert.Equal("asked by the operator", Assert.Single(pair.Opener.Seen<ChannelEffect.CommitmentWithheld>()).Reason);
        Assert.Empty(pair.Opener.Seen<ChannelEffect.BroadcastCommitment>());
        Assert.Equal((ChannelStage.Open, "asked by the operator"), (pair.Opener.State.Stage, pair.Opener.Channel.Withheld));

        // The peer comes back and agrees: what was wanted is done.
        pair.Connect();
        pair.Settle();
        Assert.True(pair.Opener.Channel.IsConfirmed);
        Assert.Equal(ChannelStage.Failed, pair.Opener.State.Stage);
        Assert.Single(pair.Opener.Seen<ChannelEffect.BroadcastCommitment>());
    }

    [Fact]
    public void A_channel_that_the_peer_has_agreed_with_since_the_start_closes_by_force_when_the_peer_is_away()
    {
        using var pair = Paid();
        pair.Crash(pair.Opener);
        pair.Connect();
        pair.Settle();
        pair.Disconnect();
        pair.Opener.Run(pair.Opener.Channel.ForceClose("asked by the operator"));
        Assert.Equal(ChannelStage.Failed, pair.Opener.State.Stage);
        Assert.Single(pair.Opener.Seen<ChannelEffect.BroadcastCommitment>());
    }

    [Fact]
    public void Who_insists_publishes_without_the_peers_word()
    {
        using var pair = Paid();
        pair.Crash(pair.Opener);
        pair.Opener.Run(pair.Opener.Channel.ForceClose("the operator insists", isInsisted: true));
        Assert.Equal(ChannelStage.Failed, pair.Opener.State.Stage);
        Assert.Single(pair.Opener.Seen<ChannelEffect.BroadcastCommitment>());
    }

    [Fact]
    public void A_peer_that_fails_the_channel_or_says_that_it_is_behind_does_not_make_a_restarted_node_publish()
    {
        using var pair = Paid();
        pair.Crash(pair.Opener);
        pair.Connect();
        pair.Take(pair.Opener, ChannelErrors.Error(pair.Opener.Channel.Id, "close now"));
        Assert.Equal(ChannelStage.Open, pair.Opener.State.Stage);

        // It knows a later state than the one that was put back, and names an earlier one.
        pair.Crash(pair.Opener);
        pair.Connect();
        var message = (ChannelReestablish)LightningMessage.Read(pair.Accepter.Outgoing.Dequeue()).Value;
        pair.Take(pair.Opener, message with { NextRevocationNumber = 0, YourLastPerCommitmentSecret = default });
        Assert.Equal(ChannelStage.Open, pair.Opener.State.Stage);
        Assert.IsType<Error>(pair.Opener.Complaints[^1]);
        Assert.Empty(pair.Opener.Seen<ChannelEffect.BroadcastCommitment>());
        Assert.Equal(2, pair.Opener.Seen<ChannelEffect.CommitmentWithheld>().Count());
    }

    private static ChannelPair Paid()
    {
        var pair = ChannelPair.Ready();
        for (var i = 0; i < 3; i++)
        {
            pair.Add(pair.Opener, 1_000_000, i);
            pair.Settle();
        }

        return pair;
    }

    [Fact]
    public void A_failed_channel_answers_with_its_error()
    {
        using var pair = ChannelPair.Ready();
        pair.Opener.IsConnected = false;
        pair.Opener.Run(pair.Opener.Channel.ForceClose("test"));
        pair.Disconnect();
        pair.Connect();
        pair.Settle();
        Assert.Equal(ChannelStage.Failed, pair.Accepter.State.Stage);
        Assert.Contains("test", pair.Accepter.State.Ending, StringComparison.Ordinal);
    }
}

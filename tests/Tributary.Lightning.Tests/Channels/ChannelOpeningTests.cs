using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Channels;
using Tributary.Lightning.Commitments;
using Tributary.Lightning.Features;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Tests.Channels;

public sealed class ChannelOpeningTests
{
    private static readonly Dictionary<string, Func<OpenChannel, OpenChannel>> s_badOpens = new(StringComparer.Ordinal)
    {
        ["chain_hash"] = open => open with { ChainHash = default },
        ["funding_satoshis"] = open => open with { FundingAmount = new Satoshis(1 << 24) },
        ["funding_satoshis "] = open => open with { FundingAmount = new Satoshis(19_999) },
        ["funding_satoshis  "] = open => open with { FundingAmount = new Satoshis(50_000), PushAmount = default, Feerate = new FeeratePerKw(50_000), ChannelReserve = new Satoshis(1_000) },
        ["push_msat"] = open => open with { PushAmount = new MilliSatoshis(1_000_000_001) },
        ["push_msat "] = open => open with
        {
            FundingAmount = new Satoshis(20_000),
            ChannelReserve = new Satoshis(4_000),
            PushAmount = new MilliSatoshis(3_900_000),
            Feerate = new FeeratePerKw(11_000),
        },
        ["feerate_per_kw"] = open => open with { Feerate = new FeeratePerKw(252) },
        ["feerate_per_kw "] = open => open with { Feerate = new FeeratePerKw(50_001) },
        ["dust_limit_satoshis"] = open => open with { DustLimit = new Satoshis(353) },
        ["dust_limit_satoshis "] = open => open with { DustLimit = new Satoshis(547) },
        ["dust_limit_satoshis  "] = open => open with { DustLimit = new Satoshis(400), ChannelReserve = new Satoshis(399) },
        ["channel_reserve_satoshis"] = open => open with { ChannelReserve = new Satoshis(200_001) },
        ["to_self_delay"] = open => open with { ToSelfDelay = 2017 },
        ["max_accepted_htlcs"] = open => open with { MaxAcceptedHtlcs = 484 },
        ["max_accepted_htlcs "] = open => open with { MaxAcceptedHtlcs = 4 },
        ["htlc_minimum_msat"] = open => open with { HtlcMinimum = new MilliSatoshis(100_001) },
        ["max_htlc_value_in_flight_msat"] = open => open with { MaxHtlcValueInFlight = new MilliSatoshis(999_999) },
        ["upfront_shutdown_script"] = open => open with { UpfrontShutdownScript = StandardScripts.P2pkh(new byte[20]) },
        ["channel_type"] = open => open with { ChannelTypeBits = null },
        ["channel_type "] = open => open with { ChannelTypeBits = FeatureVector.Empty.Requiring(Feature.AnchorsZeroFeeHtlc) },
        ["channel_type  "] = open => open with { ChannelTypeBits = new ChannelType(true, ScidAlias: true, ZeroConf: true).ToFeatures() },
        ["channel_flags"] = open => open with { ChannelTypeBits = new ChannelType(true, ScidAlias: true).ToFeatures(), ChannelFlags = 1 },
    };

    private static readonly Dictionary<string, Func<AcceptChannel, AcceptChannel>> s_badAccepts = new(StringComparer.Ordinal)
    {
        ["channel_type"] = accept => accept with { ChannelTypeBits = ChannelType.StaticRemoteKey.ToFeatures() },
        ["channel_type "] = accept => accept with { ChannelTypeBits = null },
        ["minimum_depth"] = accept => accept with { MinimumDepth = 145 },
        ["channel_reserve_satoshis"] = accept => accept with { ChannelReserve = new Satoshis(353), DustLimit = new Satoshis(354) },
        ["channel_reserve_satoshis "] = accept => accept with { ChannelReserve = new Satoshis(200_001) },
        ["dust_limit_satoshis"] = accept => accept with { DustLimit = new Satoshis(10_001) },
        ["dust_limit_satoshis "] = accept => accept with { DustLimit = new Satoshis(353) },
        ["to_self_delay"] = accept => accept with { ToSelfDelay = 2017 },
        ["max_accepted_htlcs"] = accept => accept with { MaxAcceptedHtlcs = 484 },
        ["htlc_minimum_msat"] = accept => accept with { HtlcMinimum = new MilliSatoshis(100_001) },
        ["max_htlc_value_in_flight_msat"] = accept => accept with { MaxHtlcValueInFlight = new MilliSatoshis(999_999) },
        ["upfront_shutdown_script"] = accept => accept with { UpfrontShutdownScript = StandardScripts.P2pkh(new byte[20]) },
    };

    public static TheoryData<string> BadOpens => [.. s_badOpens.Keys];

    public static TheoryData<string> BadAccepts => [.. s_badAccepts.Keys];

    [Theory]
    [MemberData(nameof(BadOpens))]
    public void A_proposal_that_breaks_a_rule_is_refused_by_its_field(string field)
    {
        using var pair = new ChannelPair();
        pair.Propose();
        var open = (OpenChannel)LightningMessage.Read(pair.Opener.Outgoing.Dequeue()).Value;
        using var keys = pair.Accepter.Keys.ChannelKeys(pair.Accepter.KeyId);
        Assert.True(Channel.Accept(open, pair.Accepter.Acceptance(pair.Opener), keys, pair.Accepter.Policy, pair.Context).IsOk);
        var refused = Channel.Accept(s_badOpens[field](open), pair.Accepter.Acceptance(pair.Opener), keys, pair.Accepter.Policy, pair.Context);
        Assert.Equal(field.TrimEnd(), refused.Error.Field);
    }

    [Theory]
    [MemberData(nameof(BadAccepts))]
    public void An_answer_that_breaks_a_rule_ends_the_opening(string field)
    {
        using var pair = new ChannelPair();
        pair.Propose();
        pair.Deliver(pair.Opener);
        var accept = (AcceptChannel)LightningMessage.Read(pair.Accepter.Outgoing.Dequeue()).Value;
        pair.Take(pair.Opener, s_badAccepts[field](accept));
        Assert.Equal(ChannelStage.Forgotten, pair.Opener.State.Stage);
        Assert.StartsWith($"accept_channel.{field.TrimEnd()}:", pair.Opener.State.Ending, StringComparison.Ordinal);
        Assert.IsType<Error>(Assert.Single(pair.Opener.Complaints));
        Assert.Empty(pair.Opener.Seen<ChannelEffect.NeedsFunding>());
        Assert.Empty(pair.Opener.Seen<ChannelEffect.BroadcastCommitment>());
    }

    [Fact]
    public void Channels_that_wait_for_their_funding_are_limited()
    {
        using var pair = new ChannelPair();
        pair.Propose();
        var open = (OpenChannel)LightningMessage.Read(pair.Opener.Outgoing.Dequeue()).Value;
        using var keys = pair.Accepter.Keys.ChannelKeys(pair.Accepter.KeyId);
        var node = pair.Accepter;
        Assert.False(Channel.Accept(open, node.Acceptance(pair.Opener, unfunded: node.Policy.UnfundedOfPeerMax), keys, node.Policy, pair.Context).IsOk);
        Assert.False(Channel.Accept(open, node.Acceptance(pair.Opener, inAll: node.Policy.UnfundedInAllMax), keys, node.Policy, pair.Context).IsOk);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_channel_of_each_type_opens(bool anchors, bool alias)
    {
        using var pair = ChannelPair.Ready(type: new ChannelType(anchors, alias));
        pair.CheckInvariants();
        pair.CheckReplay();
        Assert.Equal(pair.Accepter.State.Setup.Alias, pair.Opener.State.RemoteAlias);
        Assert.Single(pair.Opener.Seen<ChannelEffect.Opened>());
        Assert.Single(pair.Accepter.Seen<ChannelEffect.Usable>());
    }

    [Fact]
    public void A_trusted_peer_may_open_without_confirmations()
    {
        using var pair = new ChannelPair { AccepterTrusts = true };
        pair.Propose(type: new ChannelType(true, ScidAlias: true, ZeroConf: true));
        pair.Settle();
        Assert.Equal(ChannelStage.Open, pair.Accepter.State.Stage);
        Assert.True(pair.Accepter.Channel.IsUsable && pair.Opener.Channel.IsUsable);
        Assert.Null(pair.Accepter.State.Position);
        pair.Add(pair.Opener, 1_000_000, 1);
        pair.Settle();
        Assert.Single(pair.Accepter.Undecided);
    }

    [Fact]
    public void The_funding_goes_out_only_after_the_peers_signature_is_verified_and_stored()
    {
        using var pair = new ChannelPair();
        pair.Propose();
        pair.Deliver(pair.Opener);
        pair.Deliver(pair.Accepter);
        pair.Deliver(pair.Opener);
        Assert.Empty(pair.Opener.Seen<ChannelEffect.BroadcastFunding>());
        var signed = (FundingSigned)LightningMessage.Read(pair.Accepter.Outgoing.Dequeue()).Value;
        var step = pair.Opener.Channel.Handle(signed, pair.Context);
        Assert.IsType<ChannelRecord.FundingSigned>(Assert.Single(step.Records));
        Assert.Contains(step.Effects, effect => effect is ChannelEffect.BroadcastFunding);
    }

    [Fact]
    public void A_bad_signature_on_the_first_commitment_ends_the_opening_on_either_side()
    {
        using var first = new ChannelPair();
        first.Propose();
        first.Deliver(first.Opener);
        first.Deliver(first.Accepter);
        var created = (FundingCreated)LightningMessage.Read(first.Opener.Outgoing.Dequeue()).Value;
        first.Take(first.Accepter, created with { FundingOutputIndex = 0 });
        Assert.Equal(ChannelStage.Forgotten, first.Accepter.State.Stage);
        Assert.Empty(first.Accepter.Seen<ChannelEffect.WatchFunding>());

        using var second = new ChannelPair();
        second.Propose();
        second.Deliver(second.Opener);
        second.Deliver(second.Accepter);
        second.Deliver(second.Opener);
        var signed = (FundingSigned)LightningMessage.Read(second.Accepter.Outgoing.Dequeue()).Value;
        second.Take(second.Opener, signed with { Signature = default });
        Assert.Equal(ChannelStage.Forgotten, second.Opener.State.Stage);
        Assert.Empty(second.Opener.Seen<ChannelEffect.BroadcastFunding>());
        Assert.Single(second.Opener.Seen<ChannelEffect.Forgotten>());
    }

    [Fact]
    public void A_connection_lost_before_the_funding_is_signed_leaves_no_channel_with_the_opener()
    {
        for (var lost = 0; lost < 4; lost++)
        {
            using var pair = new ChannelPair();
            var left = lost;
            pair.BeforeDelivery = (_, _) => left-- > 0;
            pair.Propose();
            pair.Settle();
            Assert.Equal(ChannelStage.Forgotten, pair.Opener.State.Stage);
            Assert.Empty(pair.Opener.Seen<ChannelEffect.BroadcastFunding>());
            pair.CheckReplayOf(pair.Opener);
            if (lost < 3)
                continue;

            // The other side has signed. It asks after the channel, is told that there is none, and has nothing at stake but the gift.
            Assert.Equal(ChannelStage.AwaitingReady, pair.Accepter.State.Stage);
            pair.BeforeDelivery = null;
            pair.Connect();
            pair.Settle();
            Assert.Equal(ChannelStage.Failed, pair.Accepter.State.Stage);
        }
    }

    [Fact]
    public void A_fundee_keeps_its_commitment_for_an_opener_that_knows_the_channel_no_more_and_forgets_it_after_2016_blocks()
    {
        using var pair = new ChannelPair();
        var left = 3;
        pair.BeforeDelivery = (_, _) => left-- > 0;
        pair.Propose(push: 0);
        pair.Settle();
        pair.BeforeDelivery = null;
        pair.Connect();
        pair.Settle();
        Assert.Equal(ChannelStage.Failed, pair.Accepter.State.Stage);
        Assert.True(pair.Accepter.State.Broadcasts);
        pair.Accepter.Run(pair.Accepter.Channel.HeightReached(pair.Context with { Height = ChannelPair.StartHeight + 2015 }));
        Assert.Equal(ChannelStage.Failed, pair.Accepter.State.Stage);
        pair.Accepter.Run(pair.Accepter.Channel.HeightReached(pair.Context with { Height = ChannelPair.StartHeight + 2016 }));
        Assert.Equal(ChannelStage.Forgotten, pair.Accepter.State.Stage);
    }

    [Fact]
    public void An_error_before_the_funding_confirms_never_makes_the_fundee_forget_a_funding_that_is_seen_later()
    {
        using var pair = new ChannelPair();
        pair.Propose(push: 0);
        pair.Settle();
        pair.Take(pair.Accepter, ChannelErrors.Error(pair.Accepter.Channel.Id, "we have lost state: please close the channel"));
        Assert.Equal(ChannelStage.Failed, pair.Accepter.State.Stage);
        Assert.Single(pair.Accepter.Seen<ChannelEffect.BroadcastCommitment>());
        Assert.NotNull(pair.Accepter.Channel.Local);
        pair.Accepter.Run(pair.Accepter.Channel.FundingSeen(pair.FundingTransaction!, 1, new ShortChannelId(101, 1, 1), 1));
        pair.Accepter.Run(pair.Accepter.Channel.HeightReached(pair.Context with { Height = ChannelPair.StartHeight + 2016 }));
        Assert.Equal(ChannelStage.Failed, pair.Accepter.State.Stage);
        pair.CheckReplayOf(pair.Accepter);
    }

    [Fact]
    public void Crashes_while_the_channel_opens_lose_nothing_that_was_promised()
    {
        for (var at = 0; at < 10; at++)
        {
            foreach (var opener in new[] { true, false })
            {
                using var pair = new ChannelPair();
                var left = at;
                pair.BeforeDelivery = (_, _) => left-- != 0;
                pair.Propose();
                pair.Settle();
                pair.BeforeDelivery = null;
                if (!pair.Accepter.HasChannel)
                    continue;
                pair.Crash(opener ? pair.Opener : pair.Accepter);
                pair.Connect();
                pair.Settle();
                if (pair.Opener.State.Stage == ChannelStage.Forgotten)
                    continue;
                Assert.NotEmpty(pair.Opener.Seen<ChannelEffect.BroadcastFunding>());
                pair.Confirm();
                pair.Settle();
                Assert.True(pair.Opener.Channel.IsUsable && pair.Accepter.Channel.IsUsable);
                pair.CheckInvariants();
                pair.CheckReplay();
            }
        }
    }

    [Fact]
    public void Channel_ready_waits_for_the_depth_and_comes_again_after_a_lost_connection()
    {
        using var pair = new ChannelPair();
        pair.Propose();
        pair.Settle();
        pair.Confirm(2);
        Assert.False(pair.Opener.State.IsLocalReady || pair.Accepter.State.IsLocalReady);
        pair.Confirm(3);
        Assert.True(pair.Opener.State.IsLocalReady && pair.Accepter.State.IsLocalReady);
        pair.Disconnect();
        Assert.Equal(ChannelStage.AwaitingReady, pair.Opener.State.Stage);
        pair.Connect();
        pair.Settle();
        Assert.True(pair.Opener.Channel.IsUsable && pair.Accepter.Channel.IsUsable);
        pair.Reconnect();
        Assert.True(pair.Opener.Channel.IsUsable && pair.Accepter.Channel.IsUsable);
    }

    [Fact]
    public void A_funding_output_that_is_not_what_was_agreed_opens_nothing()
    {
        // A cheating opener signs for outputs that pay another amount, another script, or are not there.
        foreach (var (amount, index) in new[] { (999_999L, (ushort)1), (1_000_000L, (ushort)0), (1_000_000L, (ushort)2) })
        {
            using var pair = new ChannelPair();
            pair.Propose();
            pair.Deliver(pair.Opener);
            pair.Deliver(pair.Accepter);
            var created = (FundingCreated)LightningMessage.Read(pair.Opener.Outgoing.Dequeue()).Value;
            var cheat = TestNode.Fund(pair.FundingTransaction!.Output(1).ScriptPubKey, new Satoshis(amount));
            var outPoint = new OutPoint(cheat.TxId, index);
            var opener = pair.Opener.State;
            Assert.True(CommitmentKeys.TryDerive(
                opener.Format, opener.RemoteTerms!.FirstPoint, opener.RemoteTerms.Basepoints, opener.Setup.Local.Basepoints, out var derived));
            var first = CommitmentTransaction.Build(opener.Contract(isLocal: false, outPoint), new CommitmentState
            {
                Number = 0,
                Keys = derived,
                Feerate = opener.Setup.Feerate,
                ToBroadcaster = opener.FirstProjection().Theirs,
                ToCountersigner = opener.FirstProjection().Ours,
                Htlcs = [],
            });
            using var keys = pair.Opener.Keys.ChannelKeys(pair.Opener.KeyId);
            pair.Take(pair.Accepter, created with { FundingTxId = cheat.TxId, FundingOutputIndex = index, Signature = keys.SignCommitment(first) });
            Assert.Equal(ChannelStage.AwaitingReady, pair.Accepter.State.Stage);
            Assert.Throws<ArgumentException>(() => pair.Accepter.Channel.FundingSeen(pair.FundingTransaction!, 1, new ShortChannelId(101, 1, 1), 6));
            pair.Accepter.Run(pair.Accepter.Channel.FundingSeen(cheat, index, new ShortChannelId(101, 1, 1), 6));
            Assert.Equal(ChannelStage.Forgotten, pair.Accepter.State.Stage);
            Assert.IsType<Error>(pair.Accepter.Complaints[^1]);
        }
    }

    [Fact]
    public void The_fundee_forgets_after_2016_blocks_and_the_opener_never()
    {
        using var pair = new ChannelPair();
        pair.Propose();
        pair.Settle();
        foreach (var node in pair.Both)
            node.Run(node.Channel.HeightReached(pair.Context with { Height = ChannelPair.StartHeight + 2015 }));
        Assert.All(pair.Both, node => Assert.Equal(ChannelStage.AwaitingReady, node.State.Stage));
        foreach (var node in pair.Both)
            node.Run(node.Channel.HeightReached(pair.Context with { Height = ChannelPair.StartHeight + 2016 }));
        Assert.Equal(ChannelStage.Forgotten, pair.Accepter.State.Stage);
        Assert.Equal(ChannelStage.AwaitingReady, pair.Opener.State.Stage);
    }

    [Fact]
    public void A_reorganised_funding_makes_the_channel_unusable_until_it_confirms_again()
    {
        using var pair = ChannelPair.Ready();
        foreach (var node in pair.Both)
            node.Run(node.Channel.FundingReorganised());
        Assert.False(pair.Opener.Channel.IsUsable);
        Assert.False(pair.Opener.Channel.OfferHtlc(ChannelPair.Offer(1_000_000, 1), pair.Context, out _).IsOk);
        Assert.IsType<ChannelEffect.Unusable>(pair.Opener.Effects[^1]);
        foreach (var node in pair.Both)
            node.Run(node.Channel.FundingSeen(pair.FundingTransaction!, 1, new ShortChannelId(102, 7, 1), 1));
        Assert.True(pair.Opener.Channel.IsUsable);
        Assert.Equal(new ShortChannelId(102, 7, 1), pair.Opener.State.Position);
        pair.CheckReplay();
    }

    [Fact]
    public void An_HTLC_that_is_committed_while_the_funding_is_gone_is_told_when_it_is_back()
    {
        using var pair = ChannelPair.Ready();
        pair.Add(pair.Opener, 1_000_000, 1);
        pair.Accepter.Run(pair.Accepter.Channel.FundingReorganised());
        pair.Settle();
        Assert.Empty(pair.Accepter.Undecided);
        pair.Confirm();
        Assert.Single(pair.Accepter.Undecided);
    }

    [Fact]
    public void A_transaction_without_the_channels_output_is_not_taken_as_its_funding()
    {
        using var pair = new ChannelPair();
        pair.Propose();
        pair.Deliver(pair.Opener);
        var accept = LightningMessage.Read(pair.Accepter.Outgoing.Dequeue()).Value;
        var step = pair.Opener.Channel.Handle(accept, pair.Context);
        var needs = Assert.IsType<ChannelEffect.NeedsFunding>(Assert.Single(step.Effects));
        Assert.False(pair.Opener.Channel.FundingBuilt(TestNode.Fund(needs.Script, needs.Amount - new Satoshis(1))).IsOk);
        Assert.True(pair.Opener.Channel.FundingBuilt(TestNode.Fund(needs.Script, needs.Amount)).IsOk);
        Assert.False(pair.Opener.Channel.FundingBuilt(TestNode.Fund(needs.Script, needs.Amount)).IsOk);
    }

    [Fact]
    public void Types_that_are_not_agreed_are_not_proposed()
    {
        using var pair = new ChannelPair();
        pair.Accepter.Features = FeatureVector.Empty.Offering(Feature.StaticRemoteKey, Feature.ChannelType);
        using var keys = pair.Opener.Keys.ChannelKeys(pair.Opener.KeyId);
        var refused = Channel.Open(pair.Opener.Proposal(pair.Accepter, 1_000_000), keys, pair.Opener.Policy, pair.Context);
        Assert.Equal("channel_type", refused.Error.Field);
        Assert.Equal("funding_satoshis", Channel.Open(pair.Opener.Proposal(pair.Accepter, 1_000), keys, pair.Opener.Policy, pair.Context).Error.Field);
        Assert.Equal(
            "push_msat",
            Channel.Open(
                pair.Opener.Proposal(pair.Accepter, 1_000_000, 999_000_000, ChannelType.StaticRemoteKey), keys, pair.Opener.Policy, pair.Context).Error.Field);
    }
}

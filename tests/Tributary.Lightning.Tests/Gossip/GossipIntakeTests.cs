using FsCheck;
using FsCheck.Fluent;
using Tributary.Lightning.Features;
using Tributary.Lightning.Gossip;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Tests.Routing;
using Tributary.Primitives.Amounts;
using static Tributary.Lightning.Tests.Gossip.GossipNode;

namespace Tributary.Lightning.Tests.Gossip;

public sealed class GossipIntakeTests
{
    [Fact]
    public void A_channel_comes_in_by_its_signatures_and_its_funding()
    {
        var node = new GossipNode().Take(Channel(1, 1, 2));
        Assert.True(node.Graph.TryGetChannel(Scid(1), out var first, out var second, out var capacity));
        Assert.Equal((Id(InOrder(1, 2).First), Id(InOrder(1, 2).Second), new Satoshis(1_000_000)), (first, second, capacity));
        Assert.Equal([typeof(GossipEffect.Verify), typeof(GossipEffect.CheckFunding), typeof(GossipEffect.ChannelAdded)], node.Effects.Select(static effect => effect.GetType()));
        Assert.Equal(Channel(1, 1, 2).ToArray(), node.Archive.AnnouncementOf(Scid(1))!.Value.ToArray());
        Assert.Equal(0, node.Intake.PendingCount);

        node.Effects.Clear();
        Assert.Empty(node.Take(Channel(1, 1, 2)).Effects);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Each_of_the_four_signatures_counts_and_a_forged_one_ends_the_connection(int wrong)
    {
        var right = Channel(1, 1, 2);
        var other = Channel(2, 1, 2);
        var node = new GossipNode().Take(wrong switch
        {
            0 => right with { NodeSignature1 = other.NodeSignature1 },
            1 => right with { NodeSignature2 = other.NodeSignature2 },
            2 => right with { BitcoinSignature1 = other.BitcoinSignature1 },
            _ => right with { BitcoinSignature2 = other.BitcoinSignature2 },
        });
        Assert.True(Assert.IsType<GossipEffect.WarnPeer>(node.Effects[^1]).Disconnect);
        Assert.Equal((0, 0), (node.Graph.ChannelCount, node.Intake.PendingCount));

        // The right one may still come.
        Assert.Equal(1, node.Take(right).Graph.ChannelCount);
    }

    [Fact]
    public void A_channel_that_the_chain_does_not_know_is_not_asked_for_again_and_one_that_it_cannot_tell_of_may_be()
    {
        var node = new GossipNode { Chain = static _ => new FundingAnswer.Absent() };
        node.Take(Channel(1, 1, 2));
        Assert.True(node.Intake.IsSettled(Scid(1)));
        node.Effects.Clear();
        Assert.Empty(node.Take(Channel(1, 1, 2)).Effects);

        node.Chain = static _ => new FundingAnswer.Unknown();
        node.Take(Channel(2, 1, 2));
        Assert.False(node.Intake.IsSettled(Scid(2)));
        node.Chain = static _ => new FundingAnswer.Found(new Satoshis(5));
        Assert.Equal(1, node.Take(Channel(2, 1, 2)).Graph.ChannelCount);
    }

    [Fact]
    public void Other_chains_unknown_features_and_nodes_out_of_order_do_not_come_in()
    {
        var node = new GossipNode();
        node.Take(Channel(1, 1, 2) with { ChainHash = default });
        node.Take(Channel(1, 1, 2, FeatureVector.OfBits(200)));
        Assert.Empty(node.Effects);
        var right = Channel(1, 1, 2);
        node.Take(right with { NodeId1 = right.NodeId2, NodeId2 = right.NodeId1 });
        Assert.IsType<GossipEffect.WarnPeer>(Assert.Single(node.Effects));
        Assert.Equal(0, node.Graph.ChannelCount);
    }

    [Fact]
    public void Nodes_that_announce_one_funding_twice_are_trusted_no_more()
    {
        var node = new GossipNode().Take(Channel(1, 1, 2)).Take(Channel(2, 2, 3));
        node.Take(Channel(1, 1, 4));
        Assert.Equal(0, node.Graph.ChannelCount);
        Assert.Equal(0, node.Take(Channel(5, 4, 6)).Graph.ChannelCount);

        // Other keys than the funding's say nothing.
        var calm = new GossipNode().Take(Channel(1, 1, 2));
        calm.Take(Channel(1, 1, 4, fundingKey: 60));
        Assert.Equal(1, calm.Graph.ChannelCount);
    }

    [Fact]
    public void An_update_counts_when_it_is_signed_and_newer_and_of_these_days()
    {
        var node = new GossipNode().Take(Channel(1, 1, 2));
        var direction = Update(1, 1, 2).Direction;
        Fee(1000, Update(1, 1, 2));
        Fee(1000, Update(1, 1, 2, Start - 1, 2000));
        Fee(1000, Update(1, 1, 2, Start, 2000));
        Fee(3000, Update(1, 1, 2, Start + 1, 3000));
        Fee(3000, Update(1, 1, 2, Start + 86_401, 4000));
        Fee(3000, Update(1, 1, 2, Start + 2, 5000) with { ChainHash = default });
        Fee(3000, Update(1, 1, 2, Start + 2, 5000, messageFlags: 3));
        Assert.DoesNotContain(node.Effects, static effect => effect is GossipEffect.WarnPeer);
        Fee(3000, Update(1, 1, 2, Start + 2, 5000) with { FeeBaseMilliSatoshis = 1 });
        Assert.IsType<GossipEffect.WarnPeer>(node.Effects[^1]);

        var old = new GossipNode().Take(Channel(1, 1, 2)).Take(Update(1, 1, 2, Start - 1_209_601));
        Assert.False(old.Graph.TryGetPolicy(Scid(1), direction, out _));

        void Fee(uint expected, ChannelUpdate update)
        {
            node.Take(update);
            Assert.True(node.Graph.TryGetPolicy(Scid(1), direction, out var policy));
            Assert.Equal(expected, policy.FeeBaseMilliSatoshis);
        }
    }

    [Fact]
    public void Who_updates_too_often_is_heard_again_the_next_day()
    {
        var node = new GossipNode(new GossipOptions(UpdatesPerDay: 3)).Take(Channel(1, 1, 2));
        for (var i = 0u; i < 6; i++)
            node.Take(Update(1, 1, 2, Start + i, 100 + i));
        Assert.True(node.Graph.TryGetPolicy(Scid(1), Update(1, 1, 2).Direction, out var policy));
        Assert.Equal(102u, policy.FeeBaseMilliSatoshis);
        node.Now += 86_400;
        node.Take(Update(1, 1, 2, Start + 9, 500));
        Assert.True(node.Graph.TryGetPolicy(Scid(1), Update(1, 1, 2).Direction, out policy));
        Assert.Equal(500u, policy.FeeBaseMilliSatoshis);
    }

    [Fact]
    public void What_comes_before_its_channel_waits_for_it_within_bounds()
    {
        var node = new GossipNode(new GossipOptions(OrphanUpdatesMax: 5, OrphansPerPeerMax: 3));
        node.Take(Update(1, 1, 2)).Take(Update(1, 2, 1));
        Assert.Equal(2, node.Intake.OrphanCount);
        node.Take(Channel(1, 1, 2));
        Assert.True(node.Graph.TryGetPolicy(Scid(1), 0, out _) && node.Graph.TryGetPolicy(Scid(1), 1, out _));
        for (var i = 10; i < 30; i++)
            node.Take(Update(i, 1, 2), Id(100 + (i % 4)));
        Assert.Equal(5, node.Intake.OrphanCount);
        for (var i = 100; i < 104; i++)
            node.Intake.PeerGone(Id(i));
        Assert.Equal(0, node.Intake.OrphanCount);
    }

    [Fact]
    public void What_comes_while_a_channel_is_checked_is_looked_at_afterwards()
    {
        var node = new GossipNode();
        var check = (GossipEffect.Verify)node.Intake.Received(Peer, Channel(1, 1, 2), Start)[0];
        Assert.Empty(node.Intake.Received(Peer, Update(1, 1, 2), Start));
        Assert.Empty(node.Intake.Received(Peer, NodeAnnouncementOf(2), Start));
        node.Carry(node.Intake.Verified(check.Work, isGood: true, Start));
        Assert.True(node.Graph.TryGetPolicy(Scid(1), Update(1, 1, 2).Direction, out _));
        Assert.Equal(9002, Assert.Single(node.Archive.AddressesOf(Id(2))).Port);
    }

    [Fact]
    public void Checks_that_are_under_way_are_bounded_and_end_after_a_while()
    {
        var node = new GossipNode(new GossipOptions(PendingChannelsMax: 3, PendingPerPeerMax: 2));
        for (var i = 0; i < 6; i++)
            node.Intake.Received(Id(100 + (i % 3)), Channel(i, 1, 2), Start);
        Assert.Equal(3, node.Intake.PendingCount);
        node.Intake.Tick(Start + 120);
        Assert.Equal(0, node.Intake.PendingCount);

        var one = new GossipNode(new GossipOptions(PendingPerPeerMax: 2));
        for (var i = 0; i < 6; i++)
            one.Intake.Received(Peer, Channel(i, 1, 2), Start);
        Assert.Equal(2, one.Intake.PendingCount);
    }

    [Fact]
    public void A_node_is_told_of_once_it_has_a_channel_and_is_passed_by_when_it_requires_what_we_do_not_know()
    {
        var node = new GossipNode().Take(NodeAnnouncementOf(1));
        Assert.Empty(node.Effects);
        node.Take(Channel(1, 1, 2)).Take(NodeAnnouncementOf(1, Start, FeatureVector.OfBits(200)));
        Assert.True(node.Graph.IsAvoided(Id(1)));
        node.Take(NodeAnnouncementOf(1, Start - 1));
        Assert.True(node.Graph.IsAvoided(Id(1)));
        node.Take(NodeAnnouncementOf(1, Start + 1));
        Assert.False(node.Graph.IsAvoided(Id(1)));
        node.Take(NodeAnnouncementOf(1, Start + 2) with { Signature = default });
        Assert.IsType<GossipEffect.WarnPeer>(node.Effects[^1]);
    }

    [Fact]
    public void Channels_go_when_nobody_has_spoken_of_them_for_two_weeks()
    {
        var node = new GossipNode().Take(Channel(1, 1, 2)).Take(Update(1, 1, 2)).Take(Update(1, 2, 1, Start + 1000)).Take(NodeAnnouncementOf(1));
        node.Take(Channel(2, 2, 3));
        node.Carry(node.Intake.Tick(Start + 1_209_600));
        Assert.Equal(2, node.Graph.ChannelCount);
        node.Carry(node.Intake.Tick(Start + 1_209_600 + 3_600));
        Assert.Equal((0, 0), (node.Graph.ChannelCount, node.Graph.NodeCount));
        Assert.Equal(0, node.Archive.MessageBytes);
        Assert.Equal(2, node.Effects.Count(static effect => effect is GossipEffect.ChannelRemoved));
    }

    [Fact]
    public void A_channel_that_is_closed_is_not_used_and_goes_after_72_blocks()
    {
        var node = new GossipNode().Take(Channel(1, 1, 2)).Take(Update(1, 1, 2));
        node.Intake.FundingSpent(Scid(1), 800_000);
        Assert.True(node.Graph.TryFindNode(Id(2), out var index));
        Assert.False(node.Graph.EdgeOf(Update(1, 1, 2).Direction).IsUsable);
        node.Intake.FundingRestored(Scid(1));
        Assert.True(node.Graph.EdgeOf(Update(1, 1, 2).Direction).IsUsable && index >= 0);
        node.Intake.FundingSpent(Scid(1), 800_001);
        var restored = GraphSnapshot.Read(GraphSnapshot.Write(node.Graph, node.Archive), new GossipArchive()).Value;
        Assert.False(restored.EdgeOf(Update(1, 1, 2).Direction).IsUsable);
        node.Take(Update(1, 1, 2, Start + 5));
        Assert.False(node.Graph.EdgeOf(Update(1, 1, 2).Direction).IsUsable);
        Assert.Empty(node.Intake.BlockConnected(800_072));
        Assert.IsType<GossipEffect.ChannelRemoved>(Assert.Single(node.Intake.BlockConnected(800_073)));
    }

    [Fact]
    public void Updates_of_our_own_channels_are_for_us_alone()
    {
        var node = new GossipNode();
        node.Private.Add(Scid(9), Id(200), Id(1));
        node.Take(Update(9, 1, 200, messageFlags: 3), Id(2));
        Assert.False(node.Private.TryGetPolicy(Scid(9), out _));
        node.Take(Update(9, 200, 1, messageFlags: 3), Id(1));
        Assert.False(node.Private.TryGetPolicy(Scid(9), out _));
        node.Take(Update(9, 1, 200, messageFlags: 3), Id(1));
        Assert.True(node.Private.TryGetPolicy(Scid(9), out var policy) && policy.FeeBaseMilliSatoshis == 1000);
        node.Take(Update(9, 1, 200, Start - 1, 7, messageFlags: 3), Id(1));
        Assert.True(node.Private.TryGetPolicy(Scid(9), out policy) && policy.FeeBaseMilliSatoshis == 1000);
        Assert.Equal(0, node.Graph.ChannelCount);
        node.Private.Remove(Scid(9));
        Assert.False(node.Private.TryGetPolicy(Scid(9), out _));
    }

    [Fact]
    public void A_snapshot_makes_the_same_graph_and_archive_again_and_damage_is_noticed()
    {
        var node = new GossipNode().Take(Channel(1, 1, 2)).Take(Update(1, 1, 2)).Take(Update(1, 2, 1, disabled: true)).Take(Channel(2, 2, 3)).Take(NodeAnnouncementOf(1)).Take(NodeAnnouncementOf(2, Start, FeatureVector.OfBits(200)));
        var bytes = GraphSnapshot.Write(node.Graph, node.Archive);
        var archive = new GossipArchive();
        var graph = GraphSnapshot.Read(bytes, archive).Value;
        Assert.Equal(bytes, GraphSnapshot.Write(graph, archive));
        Assert.Equal((2, 3, true), (graph.ChannelCount, graph.NodeCount, graph.IsAvoided(Id(2))));
        Assert.Equal(Update(1, 1, 2).ToArray(), archive.UpdateOf(Scid(1), Update(1, 1, 2).Direction)!.Value.ToArray());

        for (var i = 0; i < bytes.Length; i += 7)
        {
            byte[] damaged = [.. bytes];
            damaged[i] ^= 1;
            Assert.False(GraphSnapshot.Read(damaged, new GossipArchive()).IsOk);
        }

        Assert.False(GraphSnapshot.Read(bytes.AsSpan(0, bytes.Length - 1), new GossipArchive()).IsOk);
        Assert.False(GraphSnapshot.Read([], new GossipArchive()).IsOk);
    }

    [Fact]
    public void Any_order_of_any_gossip_ends_in_the_same_graph() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(15), Prop.ForAll((ulong seed) =>
        {
            LightningMessage[] messages =
            [
                Channel(1, 1, 2), Channel(2, 2, 3), Channel(3, 1, 3), Update(1, 1, 2), Update(1, 1, 2, Start + 1, 7), Update(1, 2, 1), Update(2, 2, 3),
                Update(2, 3, 2, Start, 9), Update(2, 3, 2, Start - 5, 8), Update(3, 1, 3), Channel(1, 1, 2),
            ];
            var random = new SampleDraws(seed);
            var node = new GossipNode();
            foreach (var message in messages.OrderBy(_ => random.Next()).ToArray())
                node.Take(message, Id(100 + random.Below(5)));
            var straight = new GossipNode();
            foreach (var message in messages)
                straight.Take(message);
            Assert.Equal(GraphSnapshot.Write(straight.Graph, straight.Archive), GraphSnapshot.Write(node.Graph, node.Archive));
        }));
}

using Tributary.Lightning.Features;
using Tributary.Lightning.Gossip;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Wire;
using static Tributary.Lightning.Tests.Gossip.GossipNode;

namespace Tributary.Lightning.Tests.Gossip;

public sealed class GossipSyncTests
{
    private static readonly FeatureVector s_features = FeatureVector.Empty.Offering(Feature.GossipQueries, Feature.GossipQueriesExtended);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_node_learns_from_a_peer_all_that_it_knows(bool isExtended)
    {
        var (us, them) = (new GossipNode(), new GossipNode());
        for (var i = 0; i < 12; i++)
            them.Take(Channel(i, 1 + (i % 4), 5 + (i % 3))).Take(Update(i, 1 + (i % 4), 5 + (i % 3))).Take(Update(i, 5 + (i % 3), 1 + (i % 4))).Take(NodeAnnouncementOf(1 + (i % 4)));
        us.Take(Channel(0, 1, 5)).Take(Update(0, 1, 5, Start - 10));
        Exchange(us, them, us.Sync.PeerConnected(Peer, isExtended ? s_features : FeatureVector.Empty.Offering(Feature.GossipQueries), Start));
        Assert.Equal(12, us.Graph.ChannelCount);
        Assert.Null(us.Sync.SyncingWith);
        Assert.NotEmpty(us.Archive.AddressesOf(Id(1)));
        if (!isExtended)
            return;
        Assert.Equal(GraphPolicies(them), GraphPolicies(us));

        // An hour later nothing is asked for again.
        us.Now += 3_600;
        var sent = Exchange(us, them, us.Sync.Tick(us.Now));
        Assert.Equal([MessageType.QueryChannelRange], sent.Select(static message => message.Type));
    }

    [Fact]
    public void Few_peers_send_gossip_as_it_comes_and_the_others_are_silent()
    {
        var node = new GossipNode(new GossipOptions(SyncPeersMax: 2));
        Assert.Equal(uint.MaxValue, FilterOf(node.Sync.PeerConnected(Id(1), s_features, Start)).TimestampRange);
        Assert.Equal(uint.MaxValue, FilterOf(node.Sync.PeerConnected(Id(2), s_features, Start)).TimestampRange);
        Assert.Equal(0u, FilterOf(node.Sync.PeerConnected(Id(3), s_features, Start)).TimestampRange);
        Assert.Empty(node.Sync.PeerConnected(Id(4), FeatureVector.Empty, Start));
        Assert.Equal(uint.MaxValue, FilterOf(node.Sync.PeerGone(Id(1), Start)).TimestampRange);

        static GossipTimestampFilter FilterOf(IReadOnlyList<GossipEffect> effects) =>
            effects.OfType<GossipEffect.Send>().Select(static send => send.Message).OfType<GossipTimestampFilter>().Single();
    }

    [Fact]
    public void A_peer_that_does_not_answer_is_left_for_another()
    {
        var node = new GossipNode();
        node.Sync.PeerConnected(Id(1), s_features, Start);
        node.Sync.PeerConnected(Id(2), s_features, Start);
        Assert.Equal(Id(1), node.Sync.SyncingWith);
        Assert.Empty(node.Sync.Tick(Start + 119));
        Assert.IsType<QueryChannelRange>(((GossipEffect.Send)Assert.Single(node.Sync.Tick(Start + 120))).Message);
        Assert.Equal(Id(2), node.Sync.SyncingWith);
        node.Sync.PeerGone(Id(2), Start + 121);
        Assert.Equal(Id(1), node.Sync.SyncingWith);
    }

    [Fact]
    public void Answers_that_break_the_rules_end_the_connection()
    {
        var right = new ReplyChannelRange { ChainHash = ChainHash, FirstBlock = 0, NumberOfBlocks = 5, SyncComplete = 0, EncodedShortIds = EncodedIds.WriteIds([Scid(1)]) };
        Broken(right with { FirstBlock = 7 });
        Broken(right with { EncodedShortIds = new byte[] { 1 } });
        Broken(right with { Timestamps = EncodedIds.WriteTimestamps([]) });
        Broken(right with { Timestamps = new byte[] { 5 } });

        static void Broken(ReplyChannelRange reply)
        {
            var node = new GossipNode();
            node.Sync.PeerConnected(Peer, s_features, Start);
            Assert.True(Assert.IsType<GossipEffect.WarnPeer>(Assert.Single(node.Sync.Received(Peer, reply, Start))).Disconnect);
            Assert.Null(node.Sync.SyncingWith);
        }
    }

    [Fact]
    public void Answers_that_nobody_asked_for_are_ignored()
    {
        var node = new GossipNode();
        var reply = new ReplyChannelRange { ChainHash = ChainHash, FirstBlock = 0, NumberOfBlocks = 5, SyncComplete = 0, EncodedShortIds = EncodedIds.WriteIds([Scid(1)]) };
        Assert.Empty(node.Sync.Received(Peer, reply, Start));
        node.Sync.PeerConnected(Peer, s_features, Start);
        Assert.Empty(node.Sync.Received(Id(1), reply, Start));
        Assert.Empty(node.Sync.Received(Peer, new ReplyShortChannelIdsEnd { ChainHash = ChainHash, FullInformation = 1 }, Start));
    }

    [Fact]
    public void Queries_come_one_at_a_time_and_not_too_often()
    {
        var node = new GossipNode(new GossipOptions(QueriesPerMinute: 2)).Take(Channel(1, 1, 2));
        var query = new QueryChannelRange { ChainHash = ChainHash, FirstBlock = 0, NumberOfBlocks = uint.MaxValue };
        Assert.IsType<GossipEffect.AnswerWaits>(Assert.Single(node.Server.Received(Peer, query, Start)));
        Assert.IsType<GossipEffect.WarnPeer>(Assert.Single(node.Server.Received(Peer, query, Start)));
        Assert.Single(node.Server.Pull(Peer, 10));
        Assert.IsType<GossipEffect.AnswerWaits>(Assert.Single(node.Server.Received(Peer, query, Start)));
        node.Server.Pull(Peer, 10);
        Assert.IsType<GossipEffect.WarnPeer>(Assert.Single(node.Server.Received(Peer, query, Start)));
        Assert.IsType<GossipEffect.AnswerWaits>(Assert.Single(node.Server.Received(Peer, query, Start + 60)));
        node.Server.PeerGone(Peer);
        Assert.Empty(node.Server.Pull(Peer, 10));
    }

    [Fact]
    public void A_range_is_answered_in_replies_that_follow_each_other_with_times_and_checksums()
    {
        var node = new GossipNode();
        for (var i = 0; i < 6000; i++)
            node.Graph.AddChannel(new ShortChannelId((uint)(10 + (i / 3)), (uint)(i % 3), 0), SampleGraphs.Vertex(1), SampleGraphs.Vertex(2), null);
        node.Take(Channel(1, 1, 2)).Take(Update(1, 1, 2));
        node.Server.Received(Peer, new QueryChannelRange { ChainHash = ChainHash, FirstBlock = 11, NumberOfBlocks = 1_000_000, Options = 3 }, Start);
        var replies = node.Server.Pull(Peer, 100).Cast<ReplyChannelRange>().ToArray();
        Assert.Equal([2499, 2499, 1000], replies.Select(static reply => EncodedIds.ReadIds(reply.EncodedShortIds.Span).Value.Length));
        var next = 11u;
        foreach (var reply in replies)
        {
            Assert.Equal(next, reply.FirstBlock);
            Assert.All(EncodedIds.ReadIds(reply.EncodedShortIds.Span).Value, id => Assert.InRange(id.BlockHeight, reply.FirstBlock, reply.FirstBlock + reply.NumberOfBlocks - 1));
            next = reply.FirstBlock + reply.NumberOfBlocks;
            Assert.True(reply.ToArray().Length < 65_536);
        }

        Assert.Equal(1_000_011u, next);
        Assert.Equal([0, 0, 1], replies.Select(static reply => (int)reply.SyncComplete));
        var times = EncodedIds.ReadTimestamps(replies[2].Timestamps!.Value.Span).Value[^1];
        var sums = EncodedIds.ReadChecksums(replies[2].Checksums!.Value.Span).Value[^1];
        Assert.Equal(Start, Math.Max(times.First, times.Second));
        Assert.NotEqual(0u, Math.Max(sums.First, sums.Second));
        Assert.Equal(UpdateChecksum.Of(Update(1, 1, 2).ToArray()), UpdateChecksum.Of(Update(1, 1, 2, Start + 7).ToArray()));
    }

    [Fact]
    public void Queries_of_other_chains_and_broken_ones_are_answered_as_BOLT_7_says()
    {
        var node = new GossipNode().Take(Channel(1, 1, 2));
        node.Server.Received(Peer, new QueryChannelRange { ChainHash = default, FirstBlock = 0, NumberOfBlocks = 9 }, Start);
        Assert.Equal(0, Assert.IsType<ReplyChannelRange>(Assert.Single(node.Server.Pull(Peer, 10))).SyncComplete);
        node.Server.Received(Peer, new QueryShortChannelIds { ChainHash = default, EncodedShortIds = EncodedIds.WriteIds([Scid(1)]) }, Start);
        Assert.Equal(0, Assert.IsType<ReplyShortChannelIdsEnd>(Assert.Single(node.Server.Pull(Peer, 10))).FullInformation);
        Assert.IsType<GossipEffect.WarnPeer>(Assert.Single(node.Server.Received(Peer, new QueryShortChannelIds { ChainHash = ChainHash, EncodedShortIds = new byte[] { 0, 1 } }, Start)));
        Assert.IsType<GossipEffect.WarnPeer>(Assert.Single(node.Server.Received(
            Peer, new QueryShortChannelIds { ChainHash = ChainHash, EncodedShortIds = EncodedIds.WriteIds([Scid(1)]), QueryFlags = EncodedIds.WriteQueryFlags([1, 2]) }, Start)));
    }

    private static string[] GraphPolicies(GossipNode node) => [.. node.Graph.Channels.Order().SelectMany(id => new[] { 0, 1 }.Select(direction =>
        node.Graph.TryGetPolicy(id, direction, out var policy) ? $"{id} {direction} {policy}" : $"{id} {direction}"))];

    // Carries messages between two nodes until neither has anything to say; gives what was asked.
    private static List<LightningMessage> Exchange(GossipNode us, GossipNode them, IReadOnlyList<GossipEffect> effects)
    {
        var asked = new List<LightningMessage>();
        var queue = new Queue<GossipEffect>(effects);
        while (queue.TryDequeue(out var effect))
        {
            if (effect is not GossipEffect.Send send)
            {
                Assert.IsNotType<GossipEffect.WarnPeer>(effect);
                us.Carry([effect]);
                continue;
            }

            if (send.Message is QueryChannelRange or QueryShortChannelIds)
                asked.Add(send.Message);
            them.Server.Received(Peer, LightningMessage.Read(send.Message.ToArray()).Value, them.Now);
            for (var answer = them.Server.Pull(Peer, 3); answer.Count > 0; answer = them.Server.Pull(Peer, 3))
            {
                foreach (var message in answer.Select(static message => LightningMessage.Read(message.ToArray()).Value))
                {
                    us.Take(message);
                    foreach (var more in us.Sync.Received(Peer, message, us.Now))
                        queue.Enqueue(more);
                }
            }
        }

        return asked;
    }
}

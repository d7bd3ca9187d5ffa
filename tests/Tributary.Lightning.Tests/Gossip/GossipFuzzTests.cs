using Tributary.Lightning.Features;
using Tributary.Lightning.Gossip;
using Tributary.Lightning.Messages;
using Tributary.Testing;
using static Tributary.Lightning.Tests.Gossip.GossipNode;

namespace Tributary.Lightning.Tests.Gossip;

public sealed class GossipFuzzTests
{
    [Fact]
    public void Any_bytes_of_a_peer_leave_the_graph_as_it_is_or_in_order()
    {
        var node = new GossipNode().Take(Channel(1, 1, 2)).Take(Update(1, 1, 2));
        node.Sync.PeerConnected(Peer, FeatureVector.Empty.Offering(Feature.GossipQueries, Feature.GossipQueriesExtended), Start);
        var range = new QueryChannelRange { ChainHash = ChainHash, FirstBlock = 0, NumberOfBlocks = uint.MaxValue, Options = 3 };
        var reply = new ReplyChannelRange
        {
            ChainHash = ChainHash,
            FirstBlock = 0,
            NumberOfBlocks = uint.MaxValue,
            SyncComplete = 1,
            EncodedShortIds = EncodedIds.WriteIds([Scid(1), Scid(2)]),
            Timestamps = EncodedIds.WriteTimestamps([new UpdatePair(Start, 0), new UpdatePair(Start, Start)]),
        };
        var ids = new QueryShortChannelIds { ChainHash = ChainHash, EncodedShortIds = EncodedIds.WriteIds([Scid(1)]), QueryFlags = EncodedIds.WriteQueryFlags([31]) };
        LightningMessage[] corpus = [Channel(2, 2, 3), Update(1, 1, 2, Start + 1), Update(1, 2, 1), NodeAnnouncementOf(1), range, reply, ids];
        Fuzz.Run(
            [.. corpus.Select(static message => message.ToArray())],
            input =>
            {
                if (!LightningMessage.Read(input).TryGet(out var message))
                    return;
                node.Effects.Clear();
                node.Now += 60;
                node.Take(message);
                node.Server.Received(Peer, message, node.Now);
                node.Server.Pull(Peer, 100);
                node.Sync.Received(Peer, message, node.Now);
                node.Sync.Tick(node.Now);
            },
            limits: new FuzzLimits(BytesPerInputByte: 256, Bytes: 65_536));

        Assert.Empty(node.Server.Pull(Peer, 100));
        Assert.True(GraphSnapshot.Read(GraphSnapshot.Write(node.Graph, node.Archive), new GossipArchive()).IsOk);
        Assert.InRange(node.Graph.ChannelCount, 1, 2);
    }

    [Fact]
    public void Any_bytes_are_a_snapshot_or_refused_and_so_are_stores()
    {
        var node = new GossipNode().Take(Channel(1, 1, 2)).Take(Update(1, 1, 2)).Take(NodeAnnouncementOf(1));
        var snapshot = GraphSnapshot.Write(node.Graph, node.Archive);
        Fuzz.Run(
            [snapshot, [0x10, .. new byte[12], 0x10]],
            static input =>
            {
                GraphSnapshot.Read(input, new GossipArchive());

                // With its checksum made right, so that what lies under it is read.
                if (input.Length > 40)
                {
                    byte[] right = [.. input[..^32], .. Crypto.Hashes.Sha256(input[..^32]).Span];
                    GraphSnapshot.Read(right, new GossipArchive());
                }

                CoreLightningStore.Load(input, new NetworkGraph());
            },
            limits: new FuzzLimits(BytesPerInputByte: 256, Bytes: 262_144));
    }
}

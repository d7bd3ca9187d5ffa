using FsCheck;
using FsCheck.Fluent;
using Tributary.Lightning.Gossip;
using Tributary.Lightning.Tests.Routing;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Tests.Gossip;

public sealed class NetworkGraphTests
{
    [Fact]
    public void A_graph_holds_what_a_plain_dictionary_holds_after_any_changes() =>
        Check.QuickThrowOnFailure(Prop.ForAll((ulong seed) =>
        {
            var random = new SampleDraws(seed);
            var graph = new NetworkGraph();
            var model = new Dictionary<ShortChannelId, (int Node1, int Node2, long Capacity, ForwardingPolicy?[] Policies)>();
            for (var step = 0; step < 400; step++)
            {
                var id = SampleGraphs.Channel(random.Below(60));
                switch (random.Below(4))
                {
                    case 0:
                        Assert.Equal(model.Remove(id), graph.RemoveChannel(id));
                        break;
                    case 1:
                        var (low, high) = (random.Below(10), 10 + random.Below(10));
                        var capacity = 1 + random.Below(1_000_000);
                        Assert.Equal(
                            model.TryAdd(id, (low, high, capacity, new ForwardingPolicy?[2])),
                            graph.AddChannel(id, SampleGraphs.Vertex(low), SampleGraphs.Vertex(high), new Satoshis(capacity)));
                        break;
                    default:
                        var direction = random.Below(2);
                        var policy = SampleGraphs.Policy((uint)random.Below(100), (uint)random.Below(100), (ushort)random.Below(100)) with { Timestamp = (uint)step, IsDisabled = random.Below(2) == 0 };
                        Assert.Equal(model.ContainsKey(id), graph.SetPolicy(id, direction, policy));
                        if (model.TryGetValue(id, out var known))
                            known.Policies[direction] = policy;
                        break;
                }
            }

            Assert.Equal(model.Count, graph.ChannelCount);
            Assert.Equal(model.Values.SelectMany(static channel => new[] { channel.Node1, channel.Node2 }).Distinct().Count(), graph.NodeCount);
            foreach (var (id, channel) in model)
            {
                Assert.True(graph.TryGetChannel(id, out var node1, out var node2, out var capacity));
                Assert.Equal((SampleGraphs.Vertex(channel.Node1), SampleGraphs.Vertex(channel.Node2), new Satoshis(channel.Capacity)), (node1, node2, capacity));
                for (var direction = 0; direction < 2; direction++)
                {
                    Assert.Equal(channel.Policies[direction] is not null, graph.TryGetPolicy(id, direction, out var policy));
                    Assert.Equal(channel.Policies[direction] ?? default, policy);
                }
            }

            foreach (var node in graph.Nodes)
            {
                var ids = graph.ChannelsOf(node).ToHashSet();
                Assert.Equal(model.Where(pair => SampleGraphs.Vertex(pair.Value.Node1) == node || SampleGraphs.Vertex(pair.Value.Node2) == node).Select(static pair => pair.Key).ToHashSet(), ids);
            }
        }));

    [Fact]
    public void Ends_out_of_order_are_a_bug_of_the_caller() =>
        Assert.Throws<ArgumentException>(() => new NetworkGraph().AddChannel(SampleGraphs.Channel(1), SampleGraphs.Vertex(2), SampleGraphs.Vertex(1), null));

    [Fact]
    public void A_store_that_is_cut_or_of_another_version_is_refused()
    {
        Assert.Equal("version", CoreLightningStore.Load([], new NetworkGraph()).Error.Field);
        Assert.Equal("version", CoreLightningStore.Load([0x30], new NetworkGraph()).Error.Field);
        Assert.Equal("record", CoreLightningStore.Load([0x10, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1], new NetworkGraph()).Error.Field);
        Assert.Equal("record.amount", CoreLightningStore.Load([0x10, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, 0x05], new NetworkGraph()).Error.Field);
        Assert.Equal(new CoreLightningStoreSummary(0, 0, 0), CoreLightningStore.Load([0x10], new NetworkGraph()).Value);
    }
}

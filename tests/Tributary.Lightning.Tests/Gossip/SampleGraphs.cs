using Tributary.Lightning.Gossip;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Tests.Gossip;

/// <summary>Small graphs with nodes that are numbers.</summary>
internal static class SampleGraphs
{
    internal static NodeId Vertex(int number)
    {
        var bytes = new byte[NodeId.Length];
        bytes[0] = 2;
        bytes[1] = 1;
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(29), number);
        return new NodeId(bytes);
    }

    internal static ShortChannelId Channel(int number) => new((uint)(number + 100), 1, 0);

    internal static ForwardingPolicy Policy(uint feeBase = 1000, uint millionths = 100, ushort delta = 40, long minimum = 1, long maximum = long.MaxValue) =>
        new(feeBase, millionths, delta, new MilliSatoshis(minimum), new MilliSatoshis(maximum));

    /// <summary>A channel with the same policy in both directions.</summary>
    internal static NetworkGraph Join(this NetworkGraph graph, int channel, int node1, int node2, ForwardingPolicy? policy = null, long capacity = 1_000_000)
    {
        var (first, second) = (Math.Min(node1, node2), Math.Max(node1, node2));
        Assert.True(graph.AddChannel(Channel(channel), Vertex(first), Vertex(second), new Satoshis(capacity)));
        Assert.True(graph.SetPolicy(Channel(channel), 0, policy ?? Policy()));
        Assert.True(graph.SetPolicy(Channel(channel), 1, policy ?? Policy()));
        return graph;
    }

    /// <summary>Adds, removes and changes channels of few nodes, many times.</summary>
    internal static NetworkGraph Random(ulong seed, int nodes, int steps)
    {
        var graph = new NetworkGraph();
        var random = new Routing.SampleDraws(seed);
        for (var step = 0; step < steps; step++)
        {
            var channel = random.Below(nodes * 4);
            var (node1, node2) = (random.Below(nodes), random.Below(nodes));
            if (node1 == node2)
                continue;
            if (graph.HasChannel(Channel(channel)) && random.Below(3) == 0)
                graph.RemoveChannel(Channel(channel));
            else
                graph.AddChannel(Channel(channel), Vertex(Math.Min(node1, node2)), Vertex(Math.Max(node1, node2)), random.Below(10) == 0 ? null : new Satoshis(1000 + random.Below(100_000)));
            graph.SetPolicy(
                Channel(random.Below(nodes * 4)),
                random.Below(2),
                Policy((uint)random.Below(3000), (uint)random.Below(5000), (ushort)random.Below(200), random.Below(5000), 1000 + random.Below(100_000_000)) with
                {
                    IsDisabled = random.Below(10) == 0,
                });
        }

        return graph;
    }
}

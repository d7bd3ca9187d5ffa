using Tributary.Lightning.Gossip;
using Tributary.Lightning.Routing;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Tests.Routing;

/// <summary>Payments between nodes of a graph, drawn from a seed: nine tenths of the capacity of the payer's channels are on its side.</summary>
internal sealed class SampleQueries
{
    private readonly NetworkGraph _graph;
    private readonly NodeId[] _nodes;
    private readonly SampleDraws _draws;

    internal SampleQueries(NetworkGraph graph, ulong seed)
    {
        (_graph, _draws) = (graph, new SampleDraws(seed));
        _nodes = [.. graph.Nodes.Order()];
    }

    internal RouteQuery Next()
    {
        var source = _nodes[_draws.Below(_nodes.Length)];
        var payee = source;
        while (payee == source)
            payee = _nodes[_draws.Below(_nodes.Length)];

        // 1 sat to 1 million sat, each magnitude as likely as any other.
        long amount = 1000;
        for (var magnitude = _draws.Below(6); magnitude > 0; magnitude--)
            amount *= 10;
        amount += _draws.Below((int)Math.Min(int.MaxValue, amount * 9));
        return new RouteQuery
        {
            Source = source,
            Payee = payee,
            Amount = new MilliSatoshis(amount),
            FinalCltvDelta = 40,
            FeeMax = new MilliSatoshis(5000 + (amount / 20)),
            FirstHops = FirstHopsOf(source),
        };
    }

    private List<FirstHop> FirstHopsOf(NodeId source)
    {
        var hops = new List<FirstHop>();
        foreach (var id in _graph.ChannelsOf(source).Order())
        {
            _graph.TryGetChannel(id, out var node1, out var node2, out var capacity);
            var channel = new byte[32];
            BitConverter.GetBytes(id.Value).CopyTo(channel, 0);
            hops.Add(new FirstHop(
                new ChannelId(new Primitives.Bytes.Bytes32(channel)),
                node1 == source ? node2 : node1,
                new MilliSatoshis((capacity?.Value ?? 0) * 900),
                new MilliSatoshis(1)));
        }

        return hops;
    }
}

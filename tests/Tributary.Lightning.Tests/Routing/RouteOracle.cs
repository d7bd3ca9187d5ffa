using Tributary.Lightning.Gossip;
using Tributary.Lightning.Routing;
using Tributary.Lightning.Wire;

namespace Tributary.Lightning.Tests.Routing;

/// <summary>
/// Dijkstra's algorithm as the textbook has it, from the payee back to the source, over the graph's public view: nothing is pruned, no label is
/// shared with the code under test. Source and first hops as there.
/// </summary>
internal sealed class RouteOracle
{
    private readonly Dictionary<NodeId, List<Edge>> _into = [];

    internal RouteOracle(NetworkGraph graph)
    {
        foreach (var id in graph.Channels)
        {
            graph.TryGetChannel(id, out var node1, out var node2, out var capacity);
            for (var direction = 0; direction < 2; direction++)
            {
                if (!graph.TryGetPolicy(id, direction, out var policy) || policy.IsDisabled)
                    continue;
                var (from, to) = direction == 0 ? (node1, node2) : (node2, node1);
                if (!_into.TryGetValue(to, out var edges))
                    _into[to] = edges = [];
                edges.Add(new Edge(from, policy, capacity is { } known ? known.ToMilliSatoshis().Value : long.MaxValue, graph.IsAvoided(from)));
            }
        }
    }

    internal static long? PriceOf(NetworkGraph graph, RouteQuery query, Route route)
    {
        var weights = query.Weights.Scale(query.Amount.Value);
        var (amount, delta, cost) = (query.Amount.Value, query.FinalCltvDelta, 0L);
        for (var i = route.Hops.Count - 1; i > 0; i--)
        {
            var channel = route.ChannelInto(i);
            if (route.Hops[i].Amount.Value != amount || route.Hops[i].CltvDelta != delta
                || !graph.TryGetPolicy(channel.Id, channel.Direction, out var policy) || policy.IsDisabled
                || !graph.TryGetChannel(channel.Id, out _, out _, out var capacity)
                || amount < policy.HtlcMinimum.Value || amount > policy.HtlcMaximum.Value)
            {
                return null;
            }

            var fee = policy.FeeBaseMilliSatoshis + (long)((Int128)amount * policy.FeeProportionalMillionths / 1_000_000);
            var doubt = RouteWeights.Doubt(amount, 0, capacity is { } known ? known.ToMilliSatoshis().Value : long.MaxValue);
            if (doubt < 0)
                return null;
            cost += fee + weights.CostOf(policy.CltvExpiryDelta, doubt);
            (amount, delta) = (amount + fee, delta + policy.CltvExpiryDelta);
        }

        return route.Hops[0].Amount.Value == amount && route.Hops[0].CltvDelta == delta ? cost : null;
    }

    /// <summary>The least cost, or null when nothing leads from the source to the payee.</summary>
    internal long? LeastCost(RouteQuery query)
    {
        var weights = query.Weights.Scale(query.Amount.Value);
        var labels = new Dictionary<NodeId, (long Cost, long Amount, uint Delta, int Hops)> { [query.Payee] = (0, query.Amount.Value, query.FinalCltvDelta, 0) };
        var queue = new PriorityQueue<NodeId, long>();
        var done = new HashSet<NodeId> { query.Source };
        queue.Enqueue(query.Payee, 0);
        while (queue.TryDequeue(out var node, out _))
        {
            if (!done.Add(node))
                continue;
            var label = labels[node];
            if (query.FirstHops.Any(hop => hop.Peer == node && label.Amount >= hop.HtlcMinimum.Value && label.Amount <= hop.Spendable.Value))
                return label.Cost;
            if (!_into.TryGetValue(node, out var edges) || label.Hops + 1 >= query.HopsMax)
                continue;
            foreach (var edge in edges)
            {
                var policy = edge.Policy;
                var doubt = RouteWeights.Doubt(label.Amount, 0, edge.Capacity);
                if (done.Contains(edge.From) || label.Amount < policy.HtlcMinimum.Value || label.Amount > policy.HtlcMaximum.Value || doubt < 0
                    || (edge.IsFromAvoided && query.FirstHops.All(hop => hop.Peer != edge.From)))
                {
                    continue;
                }

                var fee = policy.FeeBaseMilliSatoshis + (long)((Int128)label.Amount * policy.FeeProportionalMillionths / 1_000_000);
                var cost = label.Cost + fee + weights.CostOf(policy.CltvExpiryDelta, doubt);
                if (label.Amount + fee - query.Amount.Value > query.FeeMax.Value || label.Delta + policy.CltvExpiryDelta > query.CltvMax
                    || (labels.TryGetValue(edge.From, out var known) && known.Cost <= cost))
                {
                    continue;
                }

                labels[edge.From] = (cost, label.Amount + fee, label.Delta + policy.CltvExpiryDelta, label.Hops + 1);
                queue.Enqueue(edge.From, cost);
            }
        }

        return null;
    }

    private sealed record Edge(NodeId From, ForwardingPolicy Policy, long Capacity, bool IsFromAvoided);
}

using System.Runtime.CompilerServices;
using Tributary.Lightning.Gossip;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Routing;

/// <summary>
/// Dijkstra's algorithm from the payee back to the first of our peers, so that each hop's amount is known when its fee is added. Labels are
/// stamped with the number of the search, so that nothing is cleared between searches. Two things keep it small: nodes with one channel are on
/// no path but as its ends, and nothing beyond the cheapest peer that was reached is looked at.
/// </summary>
internal sealed class PathSearch(NetworkGraph graph)
{
    private readonly SearchHeap _heap = new();
    private readonly ChannelFilter _filter = new();
    private readonly List<NodeId> _strangers = [];
    private readonly List<(int Node, FirstHop Hop)> _firstHops = [];
    private SearchLabel[] _labels = [];
    private int _epoch;

    // Of the search under way.
    private RouteQuery _query = null!;
    private ScaledWeights _weights;
    private List<RouteSeed> _seeds = [];
    private long _bound;
    private long _amountMax;
    private SearchOutcome _outcome;
    private bool _hasFilter;

    internal int SettledNodes { get; private set; }

    internal SearchOutcome Run(RouteQuery query, RouteWeights weights, out Route? route)
    {
        Prepare(query, weights);
        route = null;
        while (_heap.Count > 0)
        {
            var (cost, node) = _heap.Pop();
            if (cost > _bound)
                break;
            ref var label = ref _labels[node];
            if (cost != label.Cost || (label.State & SearchLabel.Closed) != 0)
                continue;
            label.State |= SearchLabel.Closed;
            SettledNodes++;
            if ((label.State & SearchLabel.IsPeer) != 0 && TryTakeFirstHop(node, label.Amount, out var first))
            {
                route = Trace(first, node);
                return _outcome;
            }

            if (label.Hops + 1 >= query.HopsMax)
                _outcome |= SearchOutcome.HopsExceeded;
            else if (node < graph.NodeEnd)
                Relax(node, ref label);
        }

        return _outcome;
    }

    private void Prepare(RouteQuery query, RouteWeights weights)
    {
        (_query, _weights, _outcome, _bound, SettledNodes) = (query, weights.Scale(query.Amount.Value), SearchOutcome.None, long.MaxValue, 0);

        // Below a third of what a long holds, so that no sum of an amount and a fee leaves it.
        _amountMax = query.Amount.Value + Math.Min(query.FeeMax.Value, (long)AmountLimits.MilliSatoshisMax);
        _heap.Clear();
        _strangers.Clear();
        _firstHops.Clear();
        _seeds = HintSeeds.Of(query, _weights);
        var labels = graph.NodeEnd + _seeds.Count + query.FirstHops.Count;
        if (_labels.Length < labels || _epoch == int.MaxValue)
            (_labels, _epoch) = (new SearchLabel[Math.Max(_labels.Length, labels + (labels / 4))], 0);
        _epoch++;

        PrepareFilter();
        if (graph.TryFindNode(query.Source, out var self))
            Touch(self).State |= SearchLabel.Closed;
        foreach (var node in query.Constraints?.Nodes ?? (IReadOnlySet<NodeId>)EmptyNodes)
        {
            if (node != query.Payee && graph.TryFindNode(node, out var avoided))
                Touch(avoided).State |= SearchLabel.Closed;
        }

        foreach (var hop in query.FirstHops)
        {
            if (hop.Spendable < query.Amount || query.Constraints?.FirstChannels.Contains(hop.Channel) == true)
                continue;
            var peer = IndexOf(hop.Peer);
            Touch(peer).State |= SearchLabel.IsPeer;
            _firstHops.Add((peer, hop));
        }

        for (var i = 0; i < _seeds.Count; i++)
        {
            var seed = _seeds[i];
            Reach(IndexOf(seed.Node), seed.Cost, seed.Amount, seed.Cltv, (byte)seed.Tail.Length, -1 - i);
        }
    }

    private static HashSet<NodeId> EmptyNodes { get; } = [];

    private void PrepareFilter()
    {
        _hasFilter = _query.Memory is { Count: > 0 } || _query.Constraints is { IsEmpty: false };
        if (!_hasFilter)
            return;
        if (_query.Memory is { } memory)
            _filter.CopyFrom(memory.Filter);
        else
            _filter.Clear();
        if (_query.Constraints is not { } constraints)
            return;
        foreach (var channel in constraints.Limits.Keys)
            _filter.Add(channel.Id.Value);
        foreach (var channel in constraints.Policies.Keys)
            _filter.Add(channel.Id.Value);
    }

    private void Relax(int node, ref readonly SearchLabel label)
    {
        var (amount, cltv, cost) = (label.Amount, label.Cltv, label.Cost);
        var hops = (byte)(label.Hops + 1);
        var (amountMax, cltvMax) = (_amountMax, _query.CltvMax);
        var (labels, epoch, hasFilter) = (_labels, _epoch, _hasFilter);
        foreach (ref readonly var stored in graph.Into(node))
        {
            if (!stored.IsUsable && !hasFilter)
                continue;
            ref var from = ref labels[stored.From];
            if (from.Epoch == epoch)
            {
                if ((from.State & SearchLabel.Closed) != 0)
                    continue;
            }
            else if (graph.Degree(stored.From) == 1 || graph.IsAvoidedAt(stored.From))
            {
                Touch(stored.From).State |= SearchLabel.Closed;
                continue;
            }

            if (!Cross(in stored, amount, hasFilter, out var fee, out var delta, out var doubt))
                continue;
            var reached = cost + fee + _weights.CostOf(delta, doubt);
            if (reached >= _bound || (from.Epoch == epoch && reached >= from.Cost))
                continue;
            if (amount + fee > amountMax)
                _outcome |= SearchOutcome.FeeExceeded;
            else if (cltv + delta > cltvMax)
                _outcome |= SearchOutcome.DelayExceeded;
            else
                Reach(stored.From, reached, amount + fee, cltv + delta, hops, stored.DirectedChannel);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Cross(ref readonly GraphEdge edge, long amount, bool hasFilter, out long fee, out uint delta, out int doubt)
    {
        if (hasFilter && _filter.MayContain(graph.IdOf(edge.DirectedChannel).Value))
            return CrossKnown(in edge, amount, out fee, out delta, out doubt);
        (fee, delta, doubt) = (0, edge.CltvDelta, 0);
        if (!edge.IsUsable || amount > edge.HtlcMaximum || amount < edge.HtlcMinimum)
            return false;
        doubt = RouteWeights.Doubt(amount, 0, edge.Capacity == 0 ? long.MaxValue : edge.Capacity * 1000L);
        fee = ForwardingFee.Of(amount, edge.FeeBase, edge.FeeMillionths);
        return doubt >= 0;
    }

    // An edge that this payment or an earlier one has learnt something of.
    private bool CrossKnown(ref readonly GraphEdge edge, long amount, out long fee, out uint delta, out int doubt)
    {
        (fee, delta, doubt) = (0, edge.CltvDelta, 0);
        var channel = new DirectedChannel(graph.IdOf(edge.DirectedChannel), edge.DirectedChannel & 1);
        var capacity = edge.Capacity == 0 ? long.MaxValue : edge.Capacity * 1000L;
        var (usable, minimum, maximum, feeBase, millionths) = (edge.IsUsable, edge.HtlcMinimum, edge.HtlcMaximum, edge.FeeBase, edge.FeeMillionths);
        if (_query.Constraints is { } constraints)
        {
            if (constraints.Limits.TryGetValue(channel, out var limit) && amount >= limit.Value)
                return false;
            if (constraints.Policies.TryGetValue(channel, out var policy))
            {
                (usable, minimum, maximum) = (!policy.IsDisabled, policy.HtlcMinimum.Value, Math.Min(policy.HtlcMaximum.Value, capacity));
                (feeBase, millionths, delta) = (policy.FeeBaseMilliSatoshis, policy.FeeProportionalMillionths, policy.CltvExpiryDelta);
            }
        }

        if (!usable || amount > maximum || amount < minimum)
            return false;
        var (lower, upper) = (0L, capacity);
        _query.Memory?.TryGetBounds(channel, capacity, _query.NowMilliseconds, out lower, out upper);
        doubt = RouteWeights.Doubt(amount, lower, upper);
        fee = ForwardingFee.Of(amount, feeBase, millionths);
        return doubt >= 0;
    }

    private void Reach(int node, long cost, long amount, uint cltv, byte hops, int next)
    {
        ref var label = ref Touch(node);
        if (cost >= label.Cost || (label.State & SearchLabel.Closed) != 0)
            return;
        (label.Cost, label.Amount, label.Cltv, label.Hops, label.Next) = (cost, amount, cltv, hops, next);
        _heap.Push(cost, node);
        if ((label.State & SearchLabel.IsPeer) != 0 && TryTakeFirstHop(node, amount, out _))
            _bound = Math.Min(_bound, cost);
    }

    private ref SearchLabel Touch(int node)
    {
        ref var label = ref _labels[node];
        if (label.Epoch != _epoch)
            label = new SearchLabel { Epoch = _epoch, Cost = long.MaxValue };
        return ref label;
    }

    // A node of the graph, or a number after them for one that only we or the invoice know.
    private int IndexOf(NodeId node)
    {
        if (graph.TryFindNode(node, out var index))
            return index;
        var stranger = _strangers.IndexOf(node);
        if (stranger < 0)
        {
            stranger = _strangers.Count;
            _strangers.Add(node);
        }

        return graph.NodeEnd + stranger;
    }

    // The channel with the least to spare: larger ones stay for larger payments.
    private bool TryTakeFirstHop(int node, long amount, out FirstHop first)
    {
        first = null!;
        foreach (var (peer, hop) in _firstHops)
        {
            if (peer == node && hop.Carries(new MilliSatoshis(amount)) && (first is null || hop.Spendable < first.Spendable))
                first = hop;
        }

        return first is not null;
    }

    private Route Trace(FirstHop first, int node)
    {
        var hops = new List<RouteHop>();
        var cost = _labels[node].Cost;
        var channel = default(ShortChannelId);
        while (true)
        {
            ref readonly var label = ref _labels[node];
            hops.Add(new RouteHop(
                node < graph.NodeEnd ? graph.NodeOf(node) : _strangers[node - graph.NodeEnd], channel, new MilliSatoshis(label.Amount), label.Cltv));
            if (label.Next < 0)
            {
                hops.AddRange(_seeds[-1 - label.Next].Tail);
                return new Route(first.Channel, hops, cost);
            }

            channel = graph.IdOf(label.Next);
            node = graph.HeadOf(label.Next);
        }
    }
}

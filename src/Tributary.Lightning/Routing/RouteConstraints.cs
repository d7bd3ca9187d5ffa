using Tributary.Lightning.Gossip;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Routing;

/// <summary>What one payment has learnt on its way and keeps to itself: nodes and channels that it avoids, policies that it was told.</summary>
public sealed class RouteConstraints
{
    private readonly HashSet<NodeId> _nodes = [];
    private readonly Dictionary<DirectedChannel, MilliSatoshis> _limits = [];
    private readonly Dictionary<DirectedChannel, ForwardingPolicy> _policies = [];
    private readonly HashSet<ChannelId> _firstChannels = [];

    /// <summary>Nodes that no path passes through.</summary>
    public IReadOnlySet<NodeId> Nodes => _nodes;

    /// <summary>Amounts from which on a channel is not used; zero closes it.</summary>
    public IReadOnlyDictionary<DirectedChannel, MilliSatoshis> Limits => _limits;

    /// <summary>Policies that count in place of the graph's.</summary>
    public IReadOnlyDictionary<DirectedChannel, ForwardingPolicy> Policies => _policies;

    /// <summary>Channels of our own that are not used.</summary>
    public IReadOnlySet<ChannelId> FirstChannels => _firstChannels;

    public bool IsEmpty => _nodes.Count + _limits.Count + _policies.Count + _firstChannels.Count == 0;

    public void AvoidNode(NodeId node) => _nodes.Add(node);

    /// <summary>Uses a channel only for less than this.</summary>
    public void Limit(DirectedChannel channel, MilliSatoshis below)
    {
        if (!_limits.TryGetValue(channel, out var known) || below < known)
            _limits[channel] = below;
    }

    /// <summary>Does not use one direction of a channel.</summary>
    public void AvoidChannel(DirectedChannel channel) => Limit(channel, MilliSatoshis.Zero);

    public void AvoidFirstChannel(ChannelId channel) => _firstChannels.Add(channel);

    public void Learn(DirectedChannel channel, in ForwardingPolicy policy) => _policies[channel] = policy;
}

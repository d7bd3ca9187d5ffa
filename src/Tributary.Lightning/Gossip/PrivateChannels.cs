using Tributary.Lightning.Messages;
using Tributary.Lightning.Wire;

namespace Tributary.Lightning.Gossip;

/// <summary>
/// What the peers of our own channels ask for forwarding to us: from updates that are for us alone (BOLT 7, "dont_forward"), kept apart from
/// the graph under every id that a channel has, aliases too.
/// </summary>
public sealed class PrivateChannels
{
    private readonly Dictionary<ShortChannelId, (NodeId Self, NodeId Peer)> _channels = [];
    private readonly Dictionary<ShortChannelId, ForwardingPolicy> _policies = [];

    /// <summary>Makes a channel of ours known by one of its ids.</summary>
    public void Add(ShortChannelId id, NodeId self, NodeId peer) => _channels[id] = (self, peer);

    public void Remove(ShortChannelId id)
    {
        _channels.Remove(id);
        _policies.Remove(id);
    }

    /// <summary>What the peer asks for forwarding to us; false before it has said so.</summary>
    public bool TryGetPolicy(ShortChannelId id, out ForwardingPolicy policy) => _policies.TryGetValue(id, out policy);

    /// <summary>Is the update about a channel of ours, from its other end and newer than what is known?</summary>
    internal bool Concerns(NodeId sender, ChannelUpdate update) =>
        _channels.TryGetValue(update.ShortChannelId, out var ends) && ends.Peer == sender
        && update.Direction == (ends.Peer < ends.Self ? 0 : 1)
        && (!_policies.TryGetValue(update.ShortChannelId, out var known) || update.Timestamp > known.Timestamp);

    internal void Set(ChannelUpdate update)
    {
        if (_channels.ContainsKey(update.ShortChannelId))
            _policies[update.ShortChannelId] = ForwardingPolicy.Of(update);
    }
}

using Tributary.Lightning.Messages;
using Tributary.Lightning.Wire;

namespace Tributary.Lightning.Gossip;

/// <summary>An announced channel whose signatures or funding are being checked, and what came about it meanwhile.</summary>
internal sealed class PendingChannel(NodeId peer, ChannelAnnouncement announcement, uint since)
{
    // By what a message is about: two updates and two nodes at most.
    private readonly Dictionary<(MessageType Type, int Direction, NodeId Node), (NodeId Peer, LightningMessage Message, uint Timestamp)> _waiting = [];

    internal NodeId Peer { get; } = peer;

    internal ChannelAnnouncement Announcement { get; } = announcement;

    /// <summary>Seconds since 1970.</summary>
    internal uint Since { get; } = since;

    /// <summary>The signatures are good; the chain is asked.</summary>
    internal bool IsVerified { get; set; }

    /// <summary>Updates of the channel and announcements of its ends, to be looked at once it is in the graph.</summary>
    internal IEnumerable<(NodeId Peer, LightningMessage Message)> Waiting => _waiting.Values.Select(static entry => (entry.Peer, entry.Message));

    internal void Wait(NodeId from, ChannelUpdate update) => Wait((update.Type, update.Direction, default), from, update, update.Timestamp);

    internal void Wait(NodeId from, NodeAnnouncement node) => Wait((node.Type, 0, node.NodeId), from, node, node.Timestamp);

    private void Wait((MessageType Type, int Direction, NodeId Node) about, NodeId from, LightningMessage message, uint timestamp)
    {
        if (!_waiting.TryGetValue(about, out var known) || timestamp > known.Timestamp)
            _waiting[about] = (from, message, timestamp);
    }
}

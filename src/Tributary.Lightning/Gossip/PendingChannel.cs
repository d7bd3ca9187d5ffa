using Tributary.Lightning.Messages;
using Tributary.Lightning.Wire;

namespace Tributary.Lightning.Gossip;

/// <summary>An announced channel whose signatures or funding are being checked, and what came about it meanwhile.</summary>
internal sealed class PendingChannel(NodeId peer, ChannelAnnouncement announcement, uint since)
{
    private const int WaitingMax = 4;

    private readonly List<(NodeId Peer, LightningMessage Message)> _waiting = [];

    internal NodeId Peer { get; } = peer;

    internal ChannelAnnouncement Announcement { get; } = announcement;

    /// <summary>Seconds since 1970.</summary>
    internal uint Since { get; } = since;

    /// <summary>The signatures are good; the chain is asked.</summary>
    internal bool IsVerified { get; set; }

    /// <summary>Updates of the channel and announcements of its ends, to be looked at once it is in the graph.</summary>
    internal IReadOnlyList<(NodeId Peer, LightningMessage Message)> Waiting => _waiting;

    internal void Wait(NodeId from, LightningMessage message)
    {
        // The newest of each kind are enough: two updates, two announcements.
        if (_waiting.Count >= WaitingMax)
            _waiting.RemoveAt(0);
        _waiting.Add((from, message));
    }
}

using System.Text;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Wire;

namespace Tributary.Lightning.Gossip;

/// <summary>Warnings about gossip: they concern no channel.</summary>
internal static class GossipWarning
{
    internal static GossipEffect.WarnPeer To(NodeId peer, string text, bool disconnect) =>
        new(peer, new Warning { ChannelId = ChannelId.All, Data = Encoding.UTF8.GetBytes(text) }, disconnect);
}

using Tributary.Lightning.Messages;
using Tributary.Lightning.Wire;

namespace Tributary.Lightning.Gossip;

/// <summary>What is to be done about gossip.</summary>
public abstract record GossipEffect
{
    private GossipEffect()
    {
    }

    /// <summary>Check signatures, on any thread, and answer <see cref="GossipIntake.Verified"/>.</summary>
    public sealed record Verify(GossipWork Work) : GossipEffect;

    /// <summary>Look for the funding output, and answer <see cref="GossipIntake.FundingChecked"/>.</summary>
    /// <param name="Id">Where it is said to be.</param>
    /// <param name="Key1">One key of its 2-of-2 multisignature script.</param>
    /// <param name="Key2">The other.</param>
    public sealed record CheckFunding(ShortChannelId Id, NodeId Key1, NodeId Key2) : GossipEffect;

    /// <summary>The channel is in the graph: a spend of its funding output concerns it from now on.</summary>
    public sealed record ChannelAdded(ShortChannelId Id) : GossipEffect;

    /// <summary>The channel is in the graph no more.</summary>
    public sealed record ChannelRemoved(ShortChannelId Id) : GossipEffect;

    /// <summary>To a peer, if it is connected.</summary>
    public sealed record Send(NodeId Peer, LightningMessage Message) : GossipEffect;

    /// <summary>Our answer to a peer's query waits: <see cref="GossipServer.Pull"/> gives it, as fast as the peer reads.</summary>
    public sealed record AnswerWaits(NodeId Peer) : GossipEffect;

    /// <summary>A warning to a peer that broke a rule of BOLT 7; the connection then ends when it says so.</summary>
    public sealed record WarnPeer(NodeId Peer, Warning Message, bool Disconnect) : GossipEffect;
}

using Tributary.Bitcoin.Scripts;
using Tributary.Lightning.Features;
using Tributary.Lightning.Wire;

namespace Tributary.Lightning.Channels;

/// <summary>What the driver knows and decides when a peer proposes a channel.</summary>
public sealed record ChannelAcceptance
{
    public required NodeId Peer { get; init; }

    /// <summary>The operator trusts the peer with channels that are not confirmed.</summary>
    public bool IsTrusted { get; init; }

    /// <summary>Channels with this peer whose funding is not confirmed.</summary>
    public required int UnfundedOfPeer { get; init; }

    /// <summary>Channels of all peers that they have not funded yet.</summary>
    public required int UnfundedInAll { get; init; }

    /// <summary>Random, and of no other channel of ours.</summary>
    public required ShortChannelId Alias { get; init; }

    /// <summary>A script of our wallet.</summary>
    public required Script ShutdownScript { get; init; }

    /// <summary>Ours, as sent in <c>init</c>.</summary>
    public required FeatureVector LocalFeatures { get; init; }

    /// <summary>The peer's, as received in <c>init</c>.</summary>
    public required FeatureVector PeerFeatures { get; init; }
}

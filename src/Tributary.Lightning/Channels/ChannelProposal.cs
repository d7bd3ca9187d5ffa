using Tributary.Bitcoin.Scripts;
using Tributary.Lightning.Features;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Channels;

/// <summary>What the driver decides when it opens a channel.</summary>
public sealed record ChannelProposal
{
    public required NodeId Peer { get; init; }

    /// <summary>Random, and of no other channel with this peer.</summary>
    public required ChannelId TemporaryId { get; init; }

    public required Satoshis FundingAmount { get; init; }

    /// <summary>A gift to the peer.</summary>
    public MilliSatoshis PushAmount { get; init; }

    /// <summary>Of the commitment transaction.</summary>
    public required FeeratePerKw Feerate { get; init; }

    /// <summary>Of the funding transaction.</summary>
    public required FeeratePerKw FundingFeerate { get; init; }

    public ChannelType Type { get; init; } = ChannelType.Anchors;

    public bool IsAnnounced { get; init; }

    /// <summary>Random, and of no other channel of ours.</summary>
    public required ShortChannelId Alias { get; init; }

    /// <summary>A script of our wallet.</summary>
    public required Script ShutdownScript { get; init; }

    /// <summary>Ours, as sent in <c>init</c>.</summary>
    public required FeatureVector LocalFeatures { get; init; }

    /// <summary>The peer's, as received in <c>init</c>.</summary>
    public required FeatureVector PeerFeatures { get; init; }
}

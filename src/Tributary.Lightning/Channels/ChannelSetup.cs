using Tributary.Bitcoin.Scripts;
using Tributary.Lightning.Features;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Channels;

/// <summary>What is fixed when a channel starts, from our side.</summary>
public sealed record ChannelSetup
{
    /// <summary>Which channel keys are ours: the channel's name in the store.</summary>
    public required Bytes32 KeyId { get; init; }

    public required NodeId Peer { get; init; }

    /// <summary>We fund the channel, and so pay its fees.</summary>
    public required bool IsOpener { get; init; }

    public required ChannelId TemporaryId { get; init; }

    public required Satoshis FundingAmount { get; init; }

    /// <summary>What the opener gives to the other side at the start.</summary>
    public required MilliSatoshis PushAmount { get; init; }

    /// <summary>Of commitment 0.</summary>
    public required FeeratePerKw Feerate { get; init; }

    public required ChannelType Type { get; init; }

    /// <summary>The opener asked for the channel to be announced.</summary>
    public required bool IsAnnounced { get; init; }

    /// <summary>The operator trusts the peer: an inbound channel may be used before its funding confirms.</summary>
    public required bool IsTrusted { get; init; }

    /// <summary>What we call the channel towards the peer until it has a place in the chain, and beyond it when the type says so.</summary>
    public required ShortChannelId Alias { get; init; }

    /// <summary>Where our funds go at a cooperative close, unless the command to close says otherwise.</summary>
    public required Script ShutdownScript { get; init; }

    /// <summary>The height when the channel was agreed: a funding that does not come is forgotten counted from here.</summary>
    public required uint StartHeight { get; init; }

    /// <summary>See <see cref="ChannelPolicy.DustExposureMax"/>.</summary>
    public required MilliSatoshis DustExposureMax { get; init; }

    public required ChannelTerms Local { get; init; }

    /// <summary>Feerate that the funding transaction is built with; zero for the other side.</summary>
    public FeeratePerKw FundingFeerate { get; init; }
}

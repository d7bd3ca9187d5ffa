using Tributary.Lightning.Features;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Peers;

/// <summary>What this node says of itself in <c>init</c>.</summary>
/// <param name="ChainHash">The genesis block of the chain it is on, in the byte order of hashes on the wire.</param>
/// <param name="Features">What it offers and requires.</param>
public sealed record PeerProfile(Bytes32 ChainHash, FeatureVector Features)
{
    /// <summary>The features that this library's state machines speak.</summary>
    public static FeatureVector DefaultFeatures { get; } = FeatureVector.Empty
        .Requiring(Feature.DataLossProtect, Feature.VariableLengthOnion, Feature.StaticRemoteKey, Feature.PaymentSecret)
        .Offering(
            Feature.UpfrontShutdownScript, Feature.GossipQueries, Feature.BasicMultiPart, Feature.LargeChannels, Feature.AnchorsZeroFeeHtlc,
            Feature.ShutdownAnySegwit, Feature.ChannelType, Feature.ScidAlias, Feature.ZeroConf);
}

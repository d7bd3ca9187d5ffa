using Tributary.Primitives.Results;

namespace Tributary.Lightning.Features;

/// <summary>
/// What kind of channel is opened (BOLT 2, <c>channel_type</c>): exactly these even bits. The commitment format is one of two; alias and
/// zero-conf stand beside it.
/// </summary>
/// <param name="HasAnchors">Anchors and HTLC transactions without a fee of their own; otherwise static_remotekey alone.</param>
/// <param name="ScidAlias">The channel is never known by its real short channel id.</param>
/// <param name="ZeroConf">The channel is used before its funding confirms.</param>
public readonly record struct ChannelType(bool HasAnchors, bool ScidAlias = false, bool ZeroConf = false)
{
    /// <summary>static_remotekey.</summary>
    public static ChannelType StaticRemoteKey => new(HasAnchors: false);

    /// <summary>anchors_zero_fee_htlc_tx, which stands on static_remotekey.</summary>
    public static ChannelType Anchors => new(HasAnchors: true);

    /// <summary>Reads the bits; refuses every combination that is no type of BOLT 2.</summary>
    public static Result<ChannelType, Refusal> Read(FeatureVector features)
    {
        var type = new ChannelType(
            features.Requires(Feature.AnchorsZeroFeeHtlc), features.Requires(Feature.ScidAlias), features.Requires(Feature.ZeroConf));
        return features.Equals(type.ToFeatures()) ? type : new Refusal("channel_type", $"the bits {features} are no channel type that is known");
    }

    /// <summary>The bits, in their shortest form.</summary>
    public FeatureVector ToFeatures()
    {
        var features = FeatureVector.Empty.Requiring(Feature.StaticRemoteKey);
        if (HasAnchors)
            features = features.Requiring(Feature.AnchorsZeroFeeHtlc);
        if (ScidAlias)
            features = features.Requiring(Feature.ScidAlias);
        if (ZeroConf)
            features = features.Requiring(Feature.ZeroConf);
        return features;
    }
}

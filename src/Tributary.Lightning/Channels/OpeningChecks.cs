using Tributary.Lightning.Commitments;
using Tributary.Lightning.Features;
using Tributary.Lightning.Messages;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Channels;

/// <summary>What is checked of <c>open_channel</c> and <c>accept_channel</c> (BOLT 2), by the field at fault.</summary>
internal static class OpeningChecks
{
    internal static Refusal? CheckOpen(OpenChannel open, ChannelAcceptance acceptance, ChannelPolicy policy, FeerateBounds feerates)
    {
        if (open.ChainHash != policy.ChainHash)
            return new Refusal("chain_hash", "is of another chain");
        if (acceptance.UnfundedOfPeer >= policy.UnfundedOfPeerMax)
            return new Refusal("open_channel", $"{acceptance.UnfundedOfPeer} channels with this peer wait for their funding");
        if (acceptance.UnfundedInAll >= policy.UnfundedInAllMax)
            return new Refusal("open_channel", "too many channels wait for their funding; try again later");
        if (CheckFunding(open.FundingAmount, open.PushAmount, policy, acceptance.LocalFeatures, acceptance.PeerFeatures) is { } funding)
            return funding;
        if (!feerates.Contains(open.Feerate))
            return new Refusal("feerate_per_kw", $"{open.Feerate} is not between {feerates.Lowest} and {feerates.Highest}");
        if (CheckType(open, acceptance, out var type) is { } kind)
            return kind;
        if (CheckTerms(TermsOf(open), policy, open.FundingAmount, acceptance.LocalFeatures, acceptance.PeerFeatures) is { } terms)
            return terms;

        // BOLT 2: the funder pays the first fee in full, and at least one side starts above the reserve.
        var format = type.HasAnchors ? CommitmentFormat.AnchorsZeroFeeHtlc : CommitmentFormat.StaticRemoteKey;
        var left = OpenerBalance(open.FundingAmount, open.PushAmount, format, open.Feerate);
        if (left < MilliSatoshis.Zero)
            return new Refusal("funding_satoshis", "does not pay the fee of the first commitment");
        var reserve = Max(open.ChannelReserve, policy.ReserveFor(open.FundingAmount)).ToMilliSatoshis();
        return left <= reserve && open.PushAmount <= reserve
            ? new Refusal("push_msat", "leaves both sides at or below the reserve")
            : null;
    }

    internal static Refusal? CheckAccept(AcceptChannel accept, ChannelSetup setup, ChannelPolicy policy, FeatureVector local, FeatureVector peer)
    {
        if (accept.ChannelTypeBits is not { } bits || !bits.Equals(setup.Type.ToFeatures()))
            return new Refusal("channel_type", "is not the one that was proposed");
        if (accept.MinimumDepth > policy.MinimumDepthMax)
            return new Refusal("minimum_depth", $"{accept.MinimumDepth} is more than {policy.MinimumDepthMax}");
        if (setup.Type.ZeroConf && accept.MinimumDepth != 0)
            return new Refusal("minimum_depth", "is not zero in a zero-conf channel");
        if (accept.ChannelReserve < setup.Local.DustLimit)
            return new Refusal("channel_reserve_satoshis", "is below our dust limit");
        if (accept.DustLimit > setup.Local.ChannelReserve)
            return new Refusal("dust_limit_satoshis", "is above our channel_reserve_satoshis");
        if (CheckTerms(TermsOf(accept), policy, setup.FundingAmount, local, peer) is { } terms)
            return terms;

        var format = setup.Type.HasAnchors ? CommitmentFormat.AnchorsZeroFeeHtlc : CommitmentFormat.StaticRemoteKey;
        return OpenerBalance(setup.FundingAmount, setup.PushAmount, format, setup.Feerate) < accept.ChannelReserve.ToMilliSatoshis()
            ? new Refusal("channel_reserve_satoshis", "is more than is left to us")
            : null;
    }

    /// <summary>What holds for a channel that we propose and for one that we are offered.</summary>
    internal static Refusal? CheckFunding(
        Satoshis funding, MilliSatoshis push, ChannelPolicy policy, FeatureVector local, FeatureVector peer)
    {
        var largest = local.IsNegotiated(Feature.LargeChannels, peer) ? policy.FundingMax : Min(policy.FundingMax, ChannelPolicy.SmallFundingMax);
        if (funding < policy.FundingMin)
            return new Refusal("funding_satoshis", $"{funding} is less than {policy.FundingMin}");
        if (funding > largest)
            return new Refusal("funding_satoshis", $"{funding} is more than {largest}");
        return push < MilliSatoshis.Zero || push > funding.ToMilliSatoshis()
            ? new Refusal("push_msat", "is more than the channel holds")
            : null;
    }

    /// <summary>What the opener has left after fee and anchors of the first commitment.</summary>
    internal static MilliSatoshis OpenerBalance(Satoshis funding, MilliSatoshis push, CommitmentFormat format, FeeratePerKw feerate) =>
        (funding - CommitmentFees.CommitmentFee(format, feerate, 0) - CommitmentFees.AnchorsCost(format)).ToMilliSatoshis() - push;

    internal static ChannelTerms TermsOf(OpenChannel open) => new()
    {
        DustLimit = open.DustLimit,
        MaxHtlcValueInFlight = open.MaxHtlcValueInFlight,
        ChannelReserve = open.ChannelReserve,
        HtlcMinimum = open.HtlcMinimum,
        ToSelfDelay = open.ToSelfDelay,
        MaxAcceptedHtlcs = open.MaxAcceptedHtlcs,
        Basepoints = new ChannelBasepoints(
            open.FundingKey, open.RevocationBasepoint, open.PaymentBasepoint, open.DelayedPaymentBasepoint, open.HtlcBasepoint),
        FirstPoint = open.FirstPerCommitmentPoint,
        UpfrontShutdownScript = open.UpfrontShutdownScript is { IsEmpty: false } script ? script : null,
    };

    internal static ChannelTerms TermsOf(AcceptChannel accept) => new()
    {
        DustLimit = accept.DustLimit,
        MaxHtlcValueInFlight = accept.MaxHtlcValueInFlight,
        ChannelReserve = accept.ChannelReserve,
        HtlcMinimum = accept.HtlcMinimum,
        ToSelfDelay = accept.ToSelfDelay,
        MaxAcceptedHtlcs = accept.MaxAcceptedHtlcs,
        Basepoints = new ChannelBasepoints(
            accept.FundingKey, accept.RevocationBasepoint, accept.PaymentBasepoint, accept.DelayedPaymentBasepoint, accept.HtlcBasepoint),
        FirstPoint = accept.FirstPerCommitmentPoint,
        UpfrontShutdownScript = accept.UpfrontShutdownScript is { IsEmpty: false } script ? script : null,
    };

    private static Refusal? CheckType(OpenChannel open, ChannelAcceptance acceptance, out ChannelType type)
    {
        type = default;
        if (open.ChannelTypeBits is not { } bits)
            return new Refusal("channel_type", "is missing");
        if (!ChannelType.Read(bits).TryGet(out type, out var refusal))
            return refusal;
        if (type.HasAnchors && !acceptance.LocalFeatures.Supports(Feature.AnchorsZeroFeeHtlc))
            return new Refusal("channel_type", "has anchors, which we did not offer");
        if (type.ScidAlias && !acceptance.LocalFeatures.Supports(Feature.ScidAlias))
            return new Refusal("channel_type", "has aliases, which we did not offer");
        if (type.ScidAlias && (open.ChannelFlags & 1) != 0)
            return new Refusal("channel_flags", "announces a channel that is known by an alias only");
        if (type.ZeroConf && (!acceptance.IsTrusted || !acceptance.LocalFeatures.Supports(Feature.ZeroConf)))
            return new Refusal("channel_type", "is zero-conf, which we take from trusted peers only");
        return null;
    }

    private static Refusal? CheckTerms(ChannelTerms terms, ChannelPolicy policy, Satoshis funding, FeatureVector local, FeatureVector peer)
    {
        if (terms.DustLimit < ChannelPolicy.DustLimitFloor)
            return new Refusal("dust_limit_satoshis", $"{terms.DustLimit} is below {ChannelPolicy.DustLimitFloor}");
        if (terms.DustLimit > policy.DustLimitMax)
            return new Refusal("dust_limit_satoshis", $"{terms.DustLimit} is above {policy.DustLimitMax}");
        if (terms.DustLimit > terms.ChannelReserve)
            return new Refusal("dust_limit_satoshis", "is above channel_reserve_satoshis");
        if (terms.ChannelReserve > funding || terms.ChannelReserve.Value > funding.Value / 1000 * policy.ReservePerMilleMax)
            return new Refusal("channel_reserve_satoshis", $"{terms.ChannelReserve} is too large a part of {funding}");
        if (terms.ToSelfDelay > policy.ToSelfDelayMax)
            return new Refusal("to_self_delay", $"{terms.ToSelfDelay} is more than {policy.ToSelfDelayMax} blocks");
        if (terms.MaxAcceptedHtlcs > ChannelPolicy.HtlcsMax || terms.MaxAcceptedHtlcs < policy.MaxAcceptedHtlcsMin)
            return new Refusal("max_accepted_htlcs", $"{terms.MaxAcceptedHtlcs} is not between {policy.MaxAcceptedHtlcsMin} and {ChannelPolicy.HtlcsMax}");
        if (terms.HtlcMinimum > policy.HtlcMinimumMax)
            return new Refusal("htlc_minimum_msat", $"{terms.HtlcMinimum} is more than {policy.HtlcMinimumMax}");
        if (terms.MaxHtlcValueInFlight < policy.InFlightMin)
            return new Refusal("max_htlc_value_in_flight_msat", $"{terms.MaxHtlcValueInFlight} is less than {policy.InFlightMin}");
        return terms.UpfrontShutdownScript is { } script && !ShutdownScripts.IsAllowed(script, local.IsNegotiated(Feature.ShutdownAnySegwit, peer))
            ? new Refusal("upfront_shutdown_script", "is no script that a channel may close to")
            : null;
    }

    private static Satoshis Min(Satoshis first, Satoshis second) => first < second ? first : second;

    private static Satoshis Max(Satoshis first, Satoshis second) => first > second ? first : second;
}

using Tributary.Lightning.Messages;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Gossip;

/// <summary>What one end of a channel asks for forwarding into it, as its newest <c>channel_update</c> says (BOLT 7).</summary>
/// <param name="FeeBaseMilliSatoshis">For each HTLC.</param>
/// <param name="FeeProportionalMillionths">Of what is passed on.</param>
/// <param name="CltvExpiryDelta">Blocks.</param>
/// <param name="HtlcMinimum">The smallest HTLC.</param>
/// <param name="HtlcMaximum">The largest HTLC.</param>
/// <param name="IsDisabled">No HTLC is taken.</param>
/// <param name="Timestamp">Seconds since 1970.</param>
public readonly record struct ForwardingPolicy(
    uint FeeBaseMilliSatoshis,
    uint FeeProportionalMillionths,
    ushort CltvExpiryDelta,
    MilliSatoshis HtlcMinimum,
    MilliSatoshis HtlcMaximum,
    bool IsDisabled = false,
    uint Timestamp = 0)
{
    /// <summary>What an update says.</summary>
    public static ForwardingPolicy Of(ChannelUpdate update) => new(
        update.FeeBaseMilliSatoshis,
        update.FeeProportionalMillionths,
        update.CltvExpiryDelta,
        update.HtlcMinimum,
        update.HtlcMaximum,
        update.IsDisabled,
        update.Timestamp);
}

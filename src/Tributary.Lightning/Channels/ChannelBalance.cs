using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Channels;

/// <summary>What a channel holds for us, and what can move right now.</summary>
/// <param name="Capacity">The funding output.</param>
/// <param name="Ours">Our balance in our own commitment, without HTLCs under way and before fees.</param>
/// <param name="Theirs">The peer's, likewise.</param>
/// <param name="OfferedInFlight">HTLCs that we offer.</param>
/// <param name="ReceivedInFlight">HTLCs that the peer offers.</param>
/// <param name="Sendable">The largest HTLC that can be offered now: reserve, fees and limits are taken off.</param>
/// <param name="Receivable">The largest HTLC that the peer can offer now, by what we know.</param>
public sealed record ChannelBalance(
    Satoshis Capacity,
    MilliSatoshis Ours,
    MilliSatoshis Theirs,
    MilliSatoshis OfferedInFlight,
    MilliSatoshis ReceivedInFlight,
    MilliSatoshis Sendable,
    MilliSatoshis Receivable);

using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Routing;

/// <summary>A channel of our own by which a payment may leave, as it stands now.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Peer">Who is at its other end.</param>
/// <param name="Spendable">The largest HTLC that it can carry right now: balance, reserve, fees, limits in flight and dust all counted.</param>
/// <param name="HtlcMinimum">The smallest HTLC that the peer takes.</param>
public sealed record FirstHop(ChannelId Channel, NodeId Peer, MilliSatoshis Spendable, MilliSatoshis HtlcMinimum)
{
    /// <summary>Can it carry an HTLC of this amount?</summary>
    public bool Carries(MilliSatoshis amount) => amount >= HtlcMinimum && amount <= Spendable;
}

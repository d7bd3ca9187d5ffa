using Tributary.Crypto;
using Tributary.Lightning.Gossip;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Payments;

/// <summary>A channel of ours by which a payment may come, for the hints of an invoice.</summary>
/// <param name="Peer">Who is at its other end.</param>
/// <param name="ShortChannelId">What the peer knows it by: the alias that it gave us, or the real one.</param>
/// <param name="Policy">What the peer asks for forwarding to us: from its <c>channel_update</c>; null before it has sent one.</param>
/// <param name="Receivable">What can come by it now.</param>
/// <param name="IsPublic">The world knows it.</param>
public sealed record HintChannel(PublicKey Peer, ShortChannelId ShortChannelId, ForwardingPolicy? Policy, MilliSatoshis Receivable, bool IsPublic);

using Tributary.Crypto;

namespace Tributary.Lightning.Commitments;

/// <summary>One side's keys of a channel, as it says them when the channel is opened (BOLT 2).</summary>
public sealed record ChannelBasepoints(PublicKey Funding, PublicKey Revocation, PublicKey Payment, PublicKey DelayedPayment, PublicKey Htlc);

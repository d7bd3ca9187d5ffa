using Tributary.Lightning.Wire;

namespace Tributary.Lightning.Payments;

/// <summary>An HTLC of one of our channels: the channel and the number that the HTLC's offerer gave it.</summary>
public readonly record struct HtlcKey(ChannelId Channel, ulong Id);

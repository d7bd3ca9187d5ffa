using Tributary.Crypto;
using Tributary.Lightning.Wire;

namespace Tributary.Lightning.Invoices;

/// <summary>A private channel on the way to the payee (BOLT 11, field <c>r</c>).</summary>
/// <param name="NodeId">The node at whose end the channel starts.</param>
/// <param name="ShortChannelId">The channel, often by an alias.</param>
/// <param name="FeeBaseMilliSatoshis">Of the node, for each HTLC.</param>
/// <param name="FeeProportionalMillionths">Of the node, of what it passes on.</param>
/// <param name="CltvExpiryDelta">Blocks.</param>
public readonly record struct RouteHintHop(
    PublicKey NodeId, ShortChannelId ShortChannelId, uint FeeBaseMilliSatoshis, uint FeeProportionalMillionths, ushort CltvExpiryDelta);

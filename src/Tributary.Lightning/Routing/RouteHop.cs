using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Routing;

/// <summary>A node on a route and what reaches it.</summary>
/// <param name="Node">The node.</param>
/// <param name="Channel">The channel by which the payment comes to it; the zero id for our own channel to the first.</param>
/// <param name="Amount">Of the HTLC that it receives.</param>
/// <param name="CltvDelta">Blocks from now until the expiry of that HTLC.</param>
public readonly record struct RouteHop(NodeId Node, ShortChannelId Channel, MilliSatoshis Amount, uint CltvDelta);

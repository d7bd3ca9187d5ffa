using Tributary.Lightning.Wire;

namespace Tributary.Lightning.Routing;

/// <summary>Where a search begins: the payee, or a node from which a hint leads on to it.</summary>
/// <param name="Node">The node.</param>
/// <param name="Amount">What it has to receive, in millisatoshis.</param>
/// <param name="Cltv">Blocks until the expiry of the HTLC that it receives.</param>
/// <param name="Cost">Of the hint's channels.</param>
/// <param name="Tail">The nodes after it, the payee last; none at the payee itself.</param>
internal sealed record RouteSeed(NodeId Node, long Amount, uint Cltv, long Cost, RouteHop[] Tail);

using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Routing;

/// <summary>A way from us to a payee: one of our channels and the nodes on it, our peer first.</summary>
/// <param name="FirstChannel">Our channel.</param>
/// <param name="Hops">At least one.</param>
/// <param name="Cost">What the search minimised: fee, risk and penalties, in millisatoshis.</param>
public sealed record Route(ChannelId FirstChannel, IReadOnlyList<RouteHop> Hops, long Cost)
{
    /// <summary>The payee.</summary>
    public NodeId Payee => Hops[^1].Node;

    /// <summary>What reaches the payee.</summary>
    public MilliSatoshis Amount => Hops[^1].Amount;

    /// <summary>What leaves us.</summary>
    public MilliSatoshis AmountSent => Hops[0].Amount;

    /// <summary>What the nodes between keep.</summary>
    public MilliSatoshis Fee => AmountSent - Amount;

    /// <summary>Blocks from now until the expiry of our HTLC.</summary>
    public uint CltvDelta => Hops[0].CltvDelta;

    /// <summary>The direction of the channel into a hop after the first.</summary>
    public DirectedChannel ChannelInto(int hop) => DirectedChannel.Between(Hops[hop].Channel, Hops[hop - 1].Node, Hops[hop].Node);
}

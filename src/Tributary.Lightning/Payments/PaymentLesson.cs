using Tributary.Lightning.Gossip;
using Tributary.Lightning.Routing;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Payments;

/// <summary>What a failed attempt teaches the attempts after it.</summary>
public abstract record PaymentLesson
{
    private PaymentLesson()
    {
    }

    internal abstract void AddTo(RouteConstraints constraints);

    /// <summary>No path passes through a node.</summary>
    public sealed record AvoidNode(NodeId Node) : PaymentLesson
    {
        internal override void AddTo(RouteConstraints constraints) => constraints.AvoidNode(Node);
    }

    /// <summary>A channel is used for less than this only; zero closes it.</summary>
    public sealed record Limit(DirectedChannel Channel, MilliSatoshis Below) : PaymentLesson
    {
        internal override void AddTo(RouteConstraints constraints) => constraints.Limit(Channel, Below);
    }

    /// <summary>A channel of our own is not used.</summary>
    public sealed record AvoidFirstChannel(ChannelId Channel) : PaymentLesson
    {
        internal override void AddTo(RouteConstraints constraints) => constraints.AvoidFirstChannel(Channel);
    }

    /// <summary>A channel asks for something else than the graph says.</summary>
    public sealed record Policy(DirectedChannel Channel, ForwardingPolicy Asked) : PaymentLesson
    {
        internal override void AddTo(RouteConstraints constraints) => constraints.Learn(Channel, Asked);
    }
}

using Tributary.Lightning.Wire;

namespace Tributary.Lightning.Routing;

/// <summary>One direction of a channel: 0 from the smaller node id to the larger, 1 the other way, as in <c>channel_update</c>.</summary>
public readonly record struct DirectedChannel(ShortChannelId Id, int Direction)
{
    /// <summary>The direction in which a payment goes from one node to the other.</summary>
    public static DirectedChannel Between(ShortChannelId id, NodeId from, NodeId to) => new(id, from < to ? 0 : 1);

    public DirectedChannel Reversed => new(Id, 1 - Direction);
}

namespace Tributary.Lightning.Gossip;

/// <summary>
/// One direction of a channel as path finding reads it: 40 bytes, the edges into a node side by side, so that the edges of a hub stream through
/// the cache.
/// </summary>
internal struct GraphEdge
{
    /// <summary>There is an update and it does not disable the direction.</summary>
    internal const ushort Usable = 1;

    /// <summary>There is an update.</summary>
    internal const ushort HasPolicy = 2;

    /// <summary>The funding output is spent.</summary>
    internal const ushort Closing = 4;

    /// <summary>Millisatoshis.</summary>
    internal long HtlcMinimum;

    /// <summary>Millisatoshis; at most the channel's capacity where that is known.</summary>
    internal long HtlcMaximum;

    internal uint FeeBase;

    internal uint FeeMillionths;

    /// <summary>The index of the node that forwards into the channel.</summary>
    internal int From;

    /// <summary>Twice the channel's index, plus the direction.</summary>
    internal int DirectedChannel;

    /// <summary>Satoshis, cut at 2^32 - 1 (42 bitcoin); zero for unknown.</summary>
    internal uint Capacity;

    internal ushort CltvDelta;

    internal ushort Flags;

    internal readonly bool IsUsable => (Flags & (Usable | Closing)) == Usable;

    internal readonly bool IsDisabled => (Flags & Usable) == 0;
}

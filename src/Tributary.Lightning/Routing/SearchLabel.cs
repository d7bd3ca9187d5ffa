namespace Tributary.Lightning.Routing;

/// <summary>The cheapest known way from a node to the payee: 32 bytes, so that two share a cache line. Good only in its epoch.</summary>
internal struct SearchLabel
{
    internal const byte Closed = 1;
    internal const byte IsPeer = 2;

    /// <summary>Millisatoshis.</summary>
    internal long Cost;

    /// <summary>What the node has to receive.</summary>
    internal long Amount;

    /// <summary>The directed channel out of the node; below zero the seed that the way begins with.</summary>
    internal int Next;

    internal int Epoch;

    /// <summary>Blocks until the expiry of the HTLC that the node receives.</summary>
    internal uint Cltv;

    /// <summary>Nodes after this one.</summary>
    internal byte Hops;

    internal byte State;
}

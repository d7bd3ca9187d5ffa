namespace Tributary.Lightning.OnChain;

/// <summary>What spent the funding output.</summary>
public enum CloseKind
{
    /// <summary>A cooperative close: nothing is left to claim.</summary>
    Mutual = 1,

    /// <summary>Our latest commitment.</summary>
    Ours,

    /// <summary>Another commitment of ours than the one we hold: from before or after the copy we were restored from.</summary>
    OursUnknown,

    /// <summary>The peer's latest commitment, or the one before that it has not revoked.</summary>
    Peers,

    /// <summary>A commitment that the peer has revoked: all of it is ours.</summary>
    Revoked,

    /// <summary>A commitment of the peer's that we do not know, because our state is stale: what pays our static key is claimed.</summary>
    PeersUnknown,
}

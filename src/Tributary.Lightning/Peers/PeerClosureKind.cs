namespace Tributary.Lightning.Peers;

/// <summary>Why a connection ended.</summary>
public enum PeerClosureKind
{
    /// <summary>We asked for it.</summary>
    Asked,

    /// <summary>The peer, or the network between, closed it.</summary>
    ClosedByPeer,

    /// <summary>The host could not be reached.</summary>
    Unreachable,

    /// <summary>The handshake failed: another key, or no Lightning node.</summary>
    Handshake,

    /// <summary>Features or networks do not go together.</summary>
    Incompatible,

    /// <summary>The peer broke a rule of BOLT 1 or sent what can't be read.</summary>
    Protocol,

    /// <summary>Silence for too long, or a peer that does not take what is sent.</summary>
    Timeout,

    /// <summary>A limit that keeps one peer from harming others.</summary>
    Limit,

    /// <summary>A newer connection with the same peer took its place.</summary>
    Replaced,
}

namespace Tributary.Lightning.OnChain;

/// <summary>What we can do with an output.</summary>
public enum OutputKind
{
    /// <summary>Our balance in the peer's commitment.</summary>
    ToRemote = 1,

    /// <summary>Our balance in our commitment, or what our HTLC transaction pays: ours after the delay.</summary>
    Delayed,

    /// <summary>An HTLC that we offered, in our commitment: back by HTLC-timeout after its expiry.</summary>
    OfferedInOurs,

    /// <summary>An HTLC that we receive, in our commitment: ours by HTLC-success with the preimage.</summary>
    ReceivedInOurs,

    /// <summary>An HTLC that we receive, in the peer's commitment: ours with the preimage.</summary>
    ReceivedInPeers,

    /// <summary>An HTLC that we offered, in the peer's commitment: back after its expiry.</summary>
    OfferedInPeers,

    /// <summary>The peer's own balance in a revoked commitment, or what its HTLC transaction of such a one pays: ours at once.</summary>
    RevokedDelayed,

    /// <summary>An HTLC of either direction in a revoked commitment: ours at once.</summary>
    RevokedHtlc,
}

using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Commitments;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Channels;

/// <summary>What a channel tells whoever watches it on chain, read at the moment it is needed.</summary>
public interface IChannelClaims
{
    ChannelId Id { get; }

    /// <summary>Which channel keys are ours here.</summary>
    Bytes32 KeyId { get; }

    /// <summary>Our commitments: we are the broadcaster.</summary>
    CommitmentContract LocalContract { get; }

    /// <summary>The peer's commitments: the peer is the broadcaster.</summary>
    CommitmentContract RemoteContract { get; }

    /// <summary>The peer's basepoints, from which the keys of its commitments follow.</summary>
    ChannelBasepoints RemoteBasepoints { get; }

    /// <summary>The only commitment of ours that may be broadcast; null when only a static backup is left of the channel.</summary>
    SignedCommitment? Local { get; }

    /// <summary>The peer's last commitment that it has not revoked; null when only a static backup is left of the channel.</summary>
    CommitmentState? Remote { get; }

    /// <summary>The peer's next commitment, signed by us and not yet answered by the revocation of the one before; null for none.</summary>
    CommitmentState? NextRemote { get; }

    /// <summary>Secrets of the peer's revoked commitments.</summary>
    RevokedSecrets Revoked { get; }

    /// <summary>Transactions of a cooperative close that we have signed so far.</summary>
    IReadOnlyList<Transaction> MutualCloses { get; }

    /// <summary>The state was restored from a copy: our own commitment may be revoked, and is never broadcast.</summary>
    bool IsStale { get; }

    /// <summary>
    /// Nothing speaks against our own commitment being the latest: the channel began in this run of the program, or the peer has agreed with our state
    /// since. Until then the state may be an old one that somebody has put back.
    /// </summary>
    bool IsConfirmed { get; }

    /// <summary>The HTLCs of a revoked commitment of the peer, seen from the peer, those without outputs included or not.</summary>
    IReadOnlyList<CommittedHtlc> RevokedHtlcs(ulong number);

    /// <summary>The preimage of a hash, when it is known to whoever may be paid with it.</summary>
    bool TryGetPreimage(Bytes32 paymentHash, out Bytes32 preimage);
}

using Tributary.Bitcoin.Transactions;
using Tributary.Bitcoin.Scripts;
using Tributary.Crypto;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Channels;

/// <summary>
/// What happened to a channel, as the log keeps it. <see cref="ChannelState"/> is nothing but these applied in order. Stored by
/// <see cref="ChannelRecordCodec"/> under the channel's key id.
/// </summary>
public abstract record ChannelRecord
{
    private ChannelRecord()
    {
    }

    /// <summary>The first record of every channel. The peer's terms are known from the start when the peer opens.</summary>
    public sealed record Started(ChannelSetup Setup, ChannelTerms? Remote, uint MinimumDepth) : ChannelRecord;

    /// <summary>The peer agrees to what we proposed.</summary>
    public sealed record Accepted(ChannelTerms Remote, uint MinimumDepth) : ChannelRecord;

    /// <summary>We name the funding output and sign the peer's first commitment.</summary>
    public sealed record FundingProposed(Transaction Transaction, uint OutputIndex) : ChannelRecord;

    /// <summary>The peer has signed our first commitment; from here on there is a channel. As opener the outpoint is known already.</summary>
    public sealed record FundingSigned(OutPoint Funding, CompactSignature Signature) : ChannelRecord;

    /// <summary>The funding has a place in the chain, as deep as it has to be.</summary>
    public sealed record FundingConfirmed(ShortChannelId Position) : ChannelRecord;

    /// <summary>A reorganisation took the funding out of the chain.</summary>
    public sealed record FundingUnconfirmed : ChannelRecord;

    /// <summary>We say <c>channel_ready</c>.</summary>
    public sealed record ReadySent : ChannelRecord;

    /// <summary>The peer says <c>channel_ready</c>.</summary>
    public sealed record ReadyReceived(PublicKey NextPoint, ShortChannelId? Alias) : ChannelRecord;

    /// <summary>We offer an HTLC.</summary>
    public sealed record HtlcOffered(ulong Id, HtlcOffer Offer) : ChannelRecord;

    /// <summary>We remove an HTLC of the peer's.</summary>
    public sealed record HtlcRemoved(ulong Id, HtlcOutcome Outcome) : ChannelRecord;

    /// <summary>As opener we change the feerate.</summary>
    public sealed record FeerateChanged(FeeratePerKw Feerate) : ChannelRecord;

    /// <summary>The peer has shown the preimage of an HTLC of ours.</summary>
    public sealed record PreimageReceived(ulong Id, Bytes32 Preimage) : ChannelRecord;

    /// <summary>We sign the peer's next commitment: all of our updates, and those of the peer's that it cannot take back.</summary>
    public sealed record CommitmentSigned(ulong Number) : ChannelRecord;

    /// <summary>The peer has revoked a commitment.</summary>
    public sealed record RevocationReceived(ulong Number, Bytes32 Secret, PublicKey NextPoint) : ChannelRecord;

    /// <summary>
    /// The peer has signed our next commitment, with these updates of its own (<c>update_…</c> messages in their order). It becomes the one
    /// that may be broadcast, and the one before is revoked, in the same moment.
    /// </summary>
    public sealed record CommitmentReceived(
        ulong Number, IReadOnlyList<LightningMessage> Updates, CompactSignature Signature, IReadOnlyList<CompactSignature> HtlcSignatures) : ChannelRecord;

    /// <summary>The payment has taken note of how an HTLC of ours ended.</summary>
    public sealed record HtlcAcknowledged(ulong Id) : ChannelRecord;

    /// <summary>The channel is to be closed; <c>shutdown</c> goes out as soon as nothing of ours is uncommitted.</summary>
    public sealed record ShutdownRequested(Script Script) : ChannelRecord;

    /// <summary>We say <c>shutdown</c>.</summary>
    public sealed record ShutdownSent : ChannelRecord;

    /// <summary>The peer says <c>shutdown</c>.</summary>
    public sealed record ShutdownReceived(Script Script) : ChannelRecord;

    /// <summary>We sign a closing transaction (kept here without witness): the peer may broadcast it.</summary>
    public sealed record ClosingOffered(Transaction Transaction) : ChannelRecord;

    /// <summary>A closing transaction that both have signed.</summary>
    public sealed record ClosingAgreed(Transaction Transaction, Satoshis Fee) : ChannelRecord;

    /// <summary>The channel goes on chain.</summary>
    public sealed record Failed(string Reason, bool Broadcasts) : ChannelRecord;

    /// <summary>We know of being behind, or the state comes from a copy.</summary>
    public sealed record MarkedStale(string Reason) : ChannelRecord;

    /// <summary>There is no channel.</summary>
    public sealed record Forgotten(string Reason) : ChannelRecord;
}

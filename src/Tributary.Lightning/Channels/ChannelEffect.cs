using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Messages;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Channels;

/// <summary>
/// What is to be done once the records of the same step are durable, in the order in which it stands. Any may be lost to a crash: messages
/// are sent again after <c>channel_reestablish</c>, everything else by <see cref="Channel.Resume"/>.
/// </summary>
public abstract record ChannelEffect
{
    private ChannelEffect()
    {
    }

    /// <summary>To the peer, if it is connected.</summary>
    public sealed record Send(LightningMessage Message) : ChannelEffect;

    /// <summary>The wallet builds and signs a transaction that pays the script, and does not broadcast it: <see cref="Channel.FundingBuilt"/>.</summary>
    public sealed record NeedsFunding(Script Script, Satoshis Amount, FeeratePerKw Feerate) : ChannelEffect;

    /// <summary>The peer's signature on our first commitment is stored: the funding may go out.</summary>
    public sealed record BroadcastFunding(Transaction Transaction) : ChannelEffect;

    /// <summary>Depth and spends of this output concern the channel.</summary>
    public sealed record WatchFunding(OutPoint OutPoint, Script Script, Satoshis Amount) : ChannelEffect;

    /// <summary>Both sides have said <c>channel_ready</c>. Once in a channel's life (twice after a crash).</summary>
    public sealed record Opened : ChannelEffect;

    /// <summary>HTLCs can be offered from now on: the peer is connected and knows where we stand.</summary>
    public sealed record Usable : ChannelEffect;

    /// <summary>No HTLCs for now.</summary>
    public sealed record Unusable : ChannelEffect;

    /// <summary>An HTLC of the peer's is irrevocably committed on both sides: now, and only now, it may be looked at. May come again after a restart.</summary>
    public sealed record HtlcCommitted(IncomingHtlc Htlc) : ChannelEffect;

    /// <summary>The peer knows the preimage of what we offered: it is ours from now on, whatever becomes of the channel. May come again.</summary>
    public sealed record HtlcFulfilled(ulong Id, Bytes32 PaymentHash, Bytes32 Preimage) : ChannelEffect;

    /// <summary>What we offered has left both commitments irrevocably. Comes again after a restart until <see cref="Channel.Acknowledge"/>.</summary>
    public sealed record HtlcResolved(ulong Id, Bytes32 PaymentHash, HtlcOutcome Outcome) : ChannelEffect;

    /// <summary>The monitor takes over with our commitment.</summary>
    public sealed record BroadcastCommitment(string Reason) : ChannelEffect;

    /// <summary>
    /// Our commitment would go out, and does not: the peer has not agreed with our state since the start, which may be an old one. It goes out once the
    /// peer has, or when somebody insists (<see cref="Channel.ForceClose"/>).
    /// </summary>
    public sealed record CommitmentWithheld(string Reason) : ChannelEffect;

    /// <summary>The closing transaction, signed by both: to be broadcast.</summary>
    public sealed record Closed(Transaction Transaction) : ChannelEffect;

    /// <summary>An <c>error</c> or <c>warning</c> to the peer; the connection then ends when it says so.</summary>
    public sealed record FailPeer(LightningMessage Message, bool Disconnect) : ChannelEffect;

    /// <summary>There is no such channel any more, and nothing on chain to watch for; coins kept for its funding are free.</summary>
    public sealed record Forgotten(string Reason) : ChannelEffect;
}

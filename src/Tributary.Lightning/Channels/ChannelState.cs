using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Lightning.Commitments;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Channels;

/// <summary>
/// All of a channel that outlives a restart. It changes by <see cref="Apply"/> alone, so that a log that is read again gives the same state,
/// byte for byte.
/// </summary>
public sealed partial class ChannelState
{
    /// <summary>The first record of a channel makes its state.</summary>
    public ChannelState(ChannelRecord.Started started)
    {
        Setup = started.Setup;
        RemoteTerms = started.Remote;
        MinimumDepth = started.MinimumDepth;
    }

    public ChannelSetup Setup { get; }

    public ChannelStage Stage { get; private set; } = ChannelStage.Opening;

    /// <summary>Null until the peer has agreed to what we proposed.</summary>
    public ChannelTerms? RemoteTerms { get; private set; }

    /// <summary>Confirmations that whoever did not fund wants.</summary>
    public uint MinimumDepth { get; private set; }

    /// <summary>The output that the channel lives in, once it is known.</summary>
    public OutPoint? Funding { get; private set; }

    /// <summary>As opener: the transaction that funds the channel.</summary>
    public Transaction? FundingTransaction { get; private set; }

    /// <summary>Where the funding stands in the chain; null while it does not.</summary>
    public ShortChannelId? Position { get; private set; }

    /// <summary>We have said <c>channel_ready</c>.</summary>
    public bool IsLocalReady { get; private set; }

    /// <summary>The peer has said <c>channel_ready</c>.</summary>
    public bool IsRemoteReady { get; private set; }

    /// <summary>What the peer calls the channel: route hints to us carry it.</summary>
    public ShortChannelId? RemoteAlias { get; private set; }

    /// <summary>Number of our commitment that may be broadcast; all before it are revoked.</summary>
    public ulong LocalNumber { get; private set; }

    /// <summary>Number of the peer's commitment that it has not revoked.</summary>
    public ulong RemoteNumber { get; private set; }

    /// <summary>The peer's commitment after <see cref="RemoteNumber"/> is signed by us, and the answer is due.</summary>
    public bool AwaitsRevocation { get; private set; }

    /// <summary>Secrets of the peer's revoked commitments. Not to be changed by readers.</summary>
    public RevokedSecrets Revoked { get; private set; } = new();

    /// <summary>Where we close to: said in <c>shutdown</c>, or to be said.</summary>
    public Script? LocalShutdown { get; private set; }

    /// <summary>We have said <c>shutdown</c>.</summary>
    public bool IsShutdownSent { get; private set; }

    /// <summary>Where the peer closes to, as said in its <c>shutdown</c>.</summary>
    public Script? RemoteShutdown { get; private set; }

    /// <summary>Closing transactions that we have signed, without witness; the last one whole when the close is agreed.</summary>
    public IReadOnlyList<Transaction> ClosingTransactions => _closings;

    /// <summary>The closing transaction that both signed.</summary>
    public Transaction? ClosingTransaction { get; private set; }

    /// <summary>The fee that both agreed to; what is too small for an output comes on top.</summary>
    public Satoshis ClosingFee { get; private set; }

    /// <summary>Why the channel is failed, stale or forgotten.</summary>
    public string? Ending { get; private set; }

    /// <summary>The channel is on chain by a transaction that we need not answer with our commitment.</summary>
    public bool Broadcasts { get; private set; }

    /// <summary>Is only a static backup left: who the peer is, which keys and which output?</summary>
    public bool IsStaticBackup { get; private set; }

    /// <summary>HTLCs that we offer, by id, until they have left both commitments for good.</summary>
    public IReadOnlyCollection<ChannelHtlc> Offered => _offered.Values;

    /// <summary>HTLCs that the peer offers.</summary>
    public IReadOnlyCollection<ChannelHtlc> Received => _received.Values;

    /// <summary>The id of our next offer.</summary>
    public ulong NextOfferedId { get; private set; }

    /// <summary>The id of the peer's next offer.</summary>
    public ulong NextReceivedId { get; private set; }

    /// <summary>HTLCs of ours that have ended, for as long as nobody has acknowledged it.</summary>
    public IReadOnlyCollection<ResolvedHtlc> Resolved => _resolved.Values;

    /// <summary>The format of the channel's commitments.</summary>
    public CommitmentFormat Format => Setup.Type.HasAnchors ? CommitmentFormat.AnchorsZeroFeeHtlc : CommitmentFormat.StaticRemoteKey;

    /// <summary>The channel's id on the wire: temporary until the funding is known.</summary>
    public ChannelId Id => Funding is { } funding ? ChannelId.Of(funding) : Setup.TemporaryId;

    /// <summary>The HTLC that we offer under an id; null when it is unknown or has ended.</summary>
    public ChannelHtlc? FindOffered(ulong id) => _offered.GetValueOrDefault(id);

    /// <summary>The HTLC that the peer offers under an id; null when it is unknown or has ended.</summary>
    public ChannelHtlc? FindReceived(ulong id) => _received.GetValueOrDefault(id);

    internal ResolvedHtlc? FindResolved(ulong id) => _resolved.GetValueOrDefault(id);

    // Updates on their way, by how far they have come; each list in the order in which they were sent.
    internal readonly List<PendingUpdate> OursPending = [];
    internal readonly List<PendingUpdate> OursSigned = [];
    internal readonly List<PendingUpdate> OursAcknowledged = [];
    internal readonly List<PendingUpdate> TheirsAcknowledged = [];
    internal readonly List<PendingUpdate> TheirsSigned = [];

    internal readonly HtlcHistory History = new();

    // What the next commitments will say: the peer's with all our updates and those of the peer's that we hold it to; ours with those of
    // ours that the peer holds us to. Updates of the peer's that it has not signed for are the session's.
    internal CommitmentProjection NextRemote;
    internal CommitmentProjection NextLocal;

    internal CommitmentProjection LocalNow;
    internal CommitmentProjection RemoteNow;
    internal CommitmentProjection RemoteSigned;

    internal CompactSignature LocalSignature;
    internal IReadOnlyList<CompactSignature> LocalHtlcSignatures = [];

    internal PublicKey RemotePoint;
    internal PublicKey? RemoteNextPoint;

    // Which of our last commitment_signed and revoke_and_ack went out later: both may have to be sent again, in that order.
    internal bool SignedAfterRevoking;

    private readonly SortedDictionary<ulong, ChannelHtlc> _offered = [];
    private readonly SortedDictionary<ulong, ChannelHtlc> _received = [];
    private readonly SortedDictionary<ulong, ResolvedHtlc> _resolved = [];
    private readonly List<Transaction> _closings = [];

    internal TrimRules LocalRules => new(Format, Setup.Local.DustLimit, IsLocal: true);

    internal TrimRules RemoteRules => new(Format, RemoteTerms!.DustLimit, IsLocal: false);

    /// <summary>The peer's terms; asked only when they are known.</summary>
    internal ChannelTerms Remote => RemoteTerms ?? throw new InvalidOperationException("The peer has not agreed yet.");

    /// <summary>Is nothing under way in either commitment, or on its way there?</summary>
    internal bool IsClear => _offered.Count == 0 && _received.Count == 0 && !AwaitsRevocation && OursPending.Count == 0
        && OursSigned.Count == 0 && OursAcknowledged.Count == 0 && TheirsAcknowledged.Count == 0 && TheirsSigned.Count == 0;

    /// <summary>Has something to be signed for the peer?</summary>
    internal bool OwesCommitment => !AwaitsRevocation && (OursPending.Count > 0 || TheirsAcknowledged.Count > 0);

    /// <summary>
    /// Is all that is to be signed the removal of HTLCs of ours that the peer has the preimages of? It changes whose money that is for nobody, and
    /// the next update signs it on its way.
    /// </summary>
    internal bool OwesSettlementsOnly =>
        OursPending.Count == 0 && TheirsAcknowledged.All(update => update.Kind == UpdateKind.Remove && FindOffered(update.Id) is { Outcome: HtlcOutcome.Fulfilled });

    internal List<CommittedHtlc> LocalHtlcs(ulong number)
    {
        var htlcs = new List<CommittedHtlc>(_offered.Count + _received.Count);
        foreach (var htlc in _offered.Values)
        {
            if (htlc.IsInLocal(number))
                htlcs.Add(htlc.ForLocal);
        }

        foreach (var htlc in _received.Values)
        {
            if (htlc.IsInLocal(number))
                htlcs.Add(htlc.ForLocal);
        }

        return htlcs;
    }

    internal List<CommittedHtlc> RemoteHtlcs(ulong number)
    {
        var htlcs = new List<CommittedHtlc>(_offered.Count + _received.Count);
        foreach (var htlc in _offered.Values)
        {
            if (htlc.IsInRemote(number))
                htlcs.Add(htlc.ForRemote);
        }

        foreach (var htlc in _received.Values)
        {
            if (htlc.IsInRemote(number))
                htlcs.Add(htlc.ForRemote);
        }

        return htlcs;
    }

    /// <summary>What both sides have at the start.</summary>
    internal CommitmentProjection FirstProjection()
    {
        var opener = Setup.FundingAmount.ToMilliSatoshis() - Setup.PushAmount;
        return new CommitmentProjection
        {
            Ours = Setup.IsOpener ? opener : Setup.PushAmount,
            Theirs = Setup.IsOpener ? Setup.PushAmount : opener,
            Feerate = Setup.Feerate,
        };
    }

    /// <summary>The contract of our commitments, or of the peer's, on a funding output.</summary>
    internal CommitmentContract Contract(bool isLocal, OutPoint funding)
    {
        var (broadcaster, countersigner) = isLocal ? (Setup.Local, Remote) : (Remote, Setup.Local);
        var (opener, accepter) = Setup.IsOpener ? (Setup.Local, Remote) : (Remote, Setup.Local);
        return new CommitmentContract
        {
            Format = Format,
            Funding = funding,
            FundingAmount = Setup.FundingAmount,
            BroadcasterFundingKey = broadcaster.Basepoints.Funding,
            CountersignerFundingKey = countersigner.Basepoints.Funding,
            BroadcasterIsOpener = Setup.IsOpener == isLocal,
            ObscuringFactor = CommitmentNumber.ObscuringFactor(opener.Basepoints.Payment, accepter.Basepoints.Payment),
            ToSelfDelay = countersigner.ToSelfDelay,
            DustLimit = broadcaster.DustLimit,
        };
    }
}

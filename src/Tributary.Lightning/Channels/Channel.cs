using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Lightning.Commitments;
using Tributary.Lightning.Keys;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Channels;

/// <summary>
/// BOLT 2 for one channel, without I/O: inputs come in, a <see cref="ChannelStep"/> goes out. The state changes only by the records of a step, which are
/// already applied when it is returned; its effects wait until the records are durable. Not safe for several threads at once.
/// </summary>
public sealed partial class Channel : IChannelClaims, IDisposable
{
    private readonly ChannelKeys _keys;
    private readonly ChannelPolicy _policy;
    private readonly ChannelSession _session = new();

    // Since the start of the process.
    private int _closingDisputes;
    private string? _withheld;
    private (Features.FeatureVector Local, Features.FeatureVector Peer)? _openingFeatures;
    private CommitmentContract? _localContract;
    private CommitmentContract? _remoteContract;
    private SignedCommitment? _local;
    private CommitmentState? _remote;
    private CommitmentState? _nextRemote;
    private (ulong Number, PublicKey Point)? _localPoint;
    private CommitmentKeys? _remoteKeys;

    /// <summary>A channel from its state, which the log gave; not connected. Call <see cref="Resume"/> once the whole log is read.</summary>
    /// <param name="state">The state; the channel's from now on.</param>
    /// <param name="keys">Of the state's key id; the channel's from now on.</param>
    /// <param name="policy">What we ask of channels.</param>
    public Channel(ChannelState state, ChannelKeys keys, ChannelPolicy policy)
    {
        if (keys.Id != state.Setup.KeyId || keys.Basepoints != state.Setup.Local.Basepoints)
            throw new ArgumentException("These are the keys of another channel.", nameof(keys));
        State = state;
        _keys = keys;
        _policy = policy;
        _session.Reset(state.NextLocal);
    }

    /// <summary>What outlives a restart.</summary>
    public ChannelState State { get; }

    public ChannelId Id => State.Id;

    public Bytes32 KeyId => State.Setup.KeyId;

    /// <summary>HTLCs can be offered now.</summary>
    public bool IsUsable => State.Stage == ChannelStage.Open && _session.IsUp && State.LocalShutdown is null && IsFundingTrusted;

    public CommitmentContract LocalContract => _localContract ??= State.Contract(isLocal: true, RequireFunding());

    public CommitmentContract RemoteContract => _remoteContract ??= State.Contract(isLocal: false, RequireFunding());

    public ChannelBasepoints RemoteBasepoints => State.Remote.Basepoints;

    public SignedCommitment? Local
    {
        get
        {
            if (!HasCommitments)
                return null;
            if (_local is null || _local.State.Number != State.LocalNumber)
            {
                var commitment = MakeLocalState(State.LocalNumber, State.LocalNow, State.LocalHtlcs(State.LocalNumber));
                _local = new SignedCommitment(commitment, State.LocalSignature, State.LocalHtlcSignatures);
            }

            return _local;
        }
    }

    public CommitmentState? Remote
    {
        get
        {
            if (!HasCommitments)
                return null;
            if (_remote is null || _remote.Number != State.RemoteNumber)
                _remote = MakeRemoteState(State.RemoteNumber, State.RemotePoint, State.RemoteNow);
            return _remote;
        }
    }

    public CommitmentState? NextRemote
    {
        get
        {
            if (!HasCommitments || !State.AwaitsRevocation)
                return null;
            if (_nextRemote is null || _nextRemote.Number != State.RemoteNumber + 1)
                _nextRemote = MakeRemoteState(State.RemoteNumber + 1, State.RemoteNextPoint!.Value, State.RemoteSigned);
            return _nextRemote;
        }
    }

    public RevokedSecrets Revoked => State.Revoked;

    public IReadOnlyList<Transaction> MutualCloses =>
        State.ClosingTransaction is { } agreed ? [.. State.ClosingTransactions, agreed] : State.ClosingTransactions;

    public bool IsStale => State.Stage == ChannelStage.Stale;

    /// <inheritdoc/>
    public bool IsConfirmed { get; private set; }

    /// <summary>Nobody has said since the start that its state is the latest, and it has a commitment that could be published.</summary>
    public bool IsUnconfirmed => !IsConfirmed && State.Stage is ChannelStage.AwaitingReady or ChannelStage.Open or ChannelStage.Closing;

    /// <summary>Why our commitment would have gone out, had the peer agreed with our state since the start; null for no reason.</summary>
    public string? Withheld => IsConfirmed || State.Stage > ChannelStage.Closing ? null : _withheld;

    // Without a confirmation, only a channel that was meant to live without one is used: the funder could spend the coins elsewhere.
    private bool IsFundingTrusted => State.Position is not null || State.MinimumDepth == 0;

    private bool HasCommitments => State.Stage is not (ChannelStage.Opening or ChannelStage.Forgotten) && !State.IsStaticBackup;

    public IReadOnlyList<CommittedHtlc> RevokedHtlcs(ulong number)
    {
        var htlcs = State.RemoteHtlcs(number);
        State.History.CollectAt(number, htlcs);
        return htlcs;
    }

    public bool TryGetPreimage(Bytes32 paymentHash, out Bytes32 preimage)
    {
        foreach (var htlc in State.Received)
        {
            if (htlc.Preimage is { } known && htlc.PaymentHash == paymentHash)
            {
                preimage = known;
                return true;
            }
        }

        foreach (var htlc in State.Offered)
        {
            if (htlc.Preimage is { } known && htlc.PaymentHash == paymentHash)
            {
                preimage = known;
                return true;
            }
        }

        preimage = default;
        return false;
    }

    /// <summary>A message of the peer's about this channel.</summary>
    public ChannelStep Handle(LightningMessage message, ChannelContext context)
    {
        var step = new ChannelStep();
        if (message is Error error)
            HandleError(step, error);
        if (message is Error or Warning || _session.IsBroken)
            return step;

        switch (State.Stage)
        {
            case ChannelStage.Opening:
                HandleOpening(step, message, context);
                break;
            case ChannelStage.Forgotten or ChannelStage.Failed or ChannelStage.Stale:
                FailPeer(step, State.Ending ?? "the channel is closed");
                break;
            default:
                HandleFunded(step, message, context);
                break;
        }

        TellUsable(step);
        return step;
    }

    /// <summary>The connection to the peer stands, and <c>init</c> is exchanged.</summary>
    /// <param name="localFeatures">Ours, as sent in <c>init</c>.</param>
    /// <param name="peerFeatures">The peer's.</param>
    public ChannelStep Connected(Features.FeatureVector localFeatures, Features.FeatureVector peerFeatures)
    {
        var step = new ChannelStep();
        _session.Reset(State.NextLocal);
        _session.IsConnected = true;
        _session.TakesAnySegwit = localFeatures.IsNegotiated(Features.Feature.ShutdownAnySegwit, peerFeatures);
        SendReestablish(step);
        return step;
    }

    /// <summary>Whoever drives the channel knows from elsewhere that no later state was ever told to the peer.</summary>
    public void Confirm() => IsConfirmed = true;

    /// <summary>The connection is gone, and with it what was not committed.</summary>
    public ChannelStep Disconnected()
    {
        var step = new ChannelStep();
        _session.Reset(State.NextLocal);
        if (State.Stage == ChannelStage.Opening)
            Forget(step, "the connection ended before the channel was funded");
        TellUsable(step);
        return step;
    }

    public void Dispose() => _keys.Dispose();

    private void Apply(ChannelStep step, ChannelRecord record)
    {
        State.Apply(record);
        step.Add(record);
    }

    private static void Send(ChannelStep step, LightningMessage message) => step.Add(new ChannelEffect.Send(message));

    // Tells the driver when HTLCs can be offered and when not, once for each change.
    private void TellUsable(ChannelStep step)
    {
        if (IsUsable == _session.WasUsable)
            return;
        _session.WasUsable = IsUsable;
        step.Add(IsUsable ? new ChannelEffect.Usable() : new ChannelEffect.Unusable());
    }

    private OutPoint RequireFunding() => State.Funding ?? throw new InvalidOperationException("The channel has no funding yet.");
}

using Tributary.Bitcoin.Scripts;
using Tributary.Lightning.Channels;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Node.Backups;
using Tributary.Lightning.Node.Journal;
using Tributary.Lightning.Node.Loop;
using Tributary.Lightning.Node.Reports;
using Tributary.Lightning.OnChain;
using Tributary.Lightning.Peers;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Node.Desks;

/// <summary>All channels and their monitors: hands inputs to them, and their effects to whom they concern. Runs in the loop.</summary>
internal sealed partial class ChannelDesk(NodeCore core)
{
    private readonly Dictionary<Bytes32, ChannelEntry> _channels = [];
    private readonly Dictionary<ChannelId, ChannelEntry> _byId = [];
    private readonly Dictionary<NodeId, List<ChannelEntry>> _byPeer = [];
    private readonly List<ChannelEntry> _dirty = [];

    /// <summary>Where HTLCs go: set once, before the loop begins.</summary>
    internal PaymentDesk Payments { get; set; } = null!;

    /// <summary>Keeps the static backup: set once, before the loop begins.</summary>
    internal BackupKeeper Backups { get; set; } = null!;

    /// <summary>What happens on chain: set once, before the loop begins.</summary>
    internal ChainDesk ChainDesk { get; set; } = null!;

    internal IReadOnlyCollection<ChannelEntry> All => _channels.Values;

    internal ChannelEntry? Find(ChannelId id) => _byId.GetValueOrDefault(id);

    internal ChannelEntry? Find(Bytes32 keyId) => _channels.GetValueOrDefault(keyId);

    internal IReadOnlyList<ChannelEntry> OfPeer(NodeId peer) => _byPeer.TryGetValue(peer, out var entries) ? entries : [];

    /// <summary>Channels whose claims need coins of the wallet.</summary>
    internal int AnchorChannelCount => _channels.Values.Count(static entry => entry.Channel.State.Setup.Type.HasAnchors && entry.Monitor is { IsDone: false });

    /// <summary>Takes a channel in: a new one, or one from the log.</summary>
    internal ChannelEntry Add(Channel channel)
    {
        var entry = new ChannelEntry(channel, core.Keys.ChannelKeys(channel.KeyId));
        if (core.State.PeerPolicies.TryGetValue(channel.KeyId, out var policy))
            entry.PeerPolicy = policy;
        _channels.Add(channel.KeyId, entry);
        if (!_byPeer.TryGetValue(entry.Peer, out var ofPeer))
            _byPeer[entry.Peer] = ofPeer = [];
        ofPeer.Add(entry);
        Index(entry);
        return entry;
    }

    /// <summary>Makes the monitor of a channel that has a funding.</summary>
    internal void Watch(ChannelEntry entry)
    {
        if (entry.Monitor is not null || entry.Funding is null)
            return;
        var settings = new MonitorSettings(entry.Channel.State.Setup.ShutdownScript, core.Options.ActionDepth, core.Options.DoneDepth);
        entry.Monitor = new ChannelMonitor(entry.Channel, entry.MonitorKeys, settings);
    }

    /// <summary>A message that concerns a channel.</summary>
    internal void HandleMessage(Turn turn, PeerConnection connection, LightningMessage message, ChannelId id)
    {
        var peer = new NodeId(connection.NodeId);
        if (id == ChannelId.All)
        {
            // BOLT 1: an error without a channel is about all channels with the peer.
            foreach (var each in OfPeer(peer).ToArray())
                Run(turn, each, each.Channel.Handle(message, core.ChannelContext));
            return;
        }

        if (Find(id) is { } entry && entry.Peer == peer)
        {
            if (message is ChannelUpdate)
                return;
            Run(turn, entry, entry.Channel.Handle(message, core.ChannelContext));
        }
        else if (OfPeer(peer).FirstOrDefault(one => one.Channel.State.Setup.TemporaryId == id) is { } temporary)
        {
            Run(turn, temporary, temporary.Channel.Handle(message, core.ChannelContext));
        }
        else if (message is ChannelReestablish or FundingCreated or AcceptChannel or FundingSigned)
        {
            // BOLT 2: who sends this for a channel that we do not know has to close it.
            turn.Afterwards(() => connection.Send(ChannelErrors.Error(id, "the channel is not known here")));
        }
    }

    /// <summary>The peer proposes a channel.</summary>
    internal void HandleOpen(Turn turn, PeerConnection connection, OpenChannel message, Script shutdownScript)
    {
        var peer = new NodeId(connection.NodeId);
        var isTrusted = core.Options.TrustedPeers.Contains(connection.NodeId);
        var unfunded = _channels.Values.Where(static entry => !entry.Channel.State.Setup.IsOpener && entry.Channel.State.Position is null && entry.Channel.State.Stage is <= ChannelStage.AwaitingReady or ChannelStage.Failed).ToArray();
        if (!core.IsSynced)
            Refuse("this node is not synced with the chain");
        else if (!isTrusted && Missing(1) is { } missing)
            Refuse($"this node keeps too little on chain to claim another channel ({missing.Value} sat short)");
        else if (OfPeer(peer).Any(one => one.Channel.State.Setup.TemporaryId == message.TemporaryChannelId))
            Refuse("the temporary channel id is in use");
        else
            Accept();

        void Accept()
        {
            var keys = core.Keys.ChannelKeys(DrawHash());
            var acceptance = new ChannelAcceptance
            {
                Peer = peer,
                IsTrusted = isTrusted,
                UnfundedOfPeer = unfunded.Count(entry => entry.Peer == peer),
                UnfundedInAll = unfunded.Length,
                Alias = DrawAlias(),
                ShutdownScript = shutdownScript,
                LocalFeatures = core.Options.Features,
                PeerFeatures = connection.RemoteInit.AllFeatures,
            };
            if (Channel.Accept(message, acceptance, keys, core.Options.ChannelPolicy, core.ChannelContext).TryGet(out var started, out var refusal))
            {
                Begin(turn, connection, started);
                return;
            }

            keys.Dispose();
            Refuse(refusal.ToString());
        }

        void Refuse(string reason) => turn.Afterwards(() => connection.Send(ChannelErrors.Error(message.TemporaryChannelId, reason)));
    }

    /// <summary>Proposes a channel.</summary>
    internal Refusal? Open(
        Turn turn, PeerConnection connection, OpenChannelRequest request, Script shutdownScript, TaskCompletionSource<Result<ChannelOpening, Refusal>> opening)
    {
        if (!core.IsSynced)
            return new Refusal("chain", "is not synced: 'status' says why; channels are opened when it is");
        var keys = core.Keys.ChannelKeys(DrawHash());
        var features = connection.RemoteInit.AllFeatures;
        var type = core.Options.Features.IsNegotiated(Features.Feature.AnchorsZeroFeeHtlc, features) ? Features.ChannelType.Anchors : Features.ChannelType.StaticRemoteKey;
        var proposal = new ChannelProposal
        {
            Peer = new NodeId(connection.NodeId),
            TemporaryId = new ChannelId(DrawHash()),
            FundingAmount = request.Amount,
            PushAmount = request.Push.ToMilliSatoshis(),
            Feerate = core.CommitmentFeerate(type.HasAnchors),
            FundingFeerate = request.Feerate ?? core.Fees.Current.Normal,
            Type = request.IsPrivate && core.Options.Features.IsNegotiated(Features.Feature.ScidAlias, features) ? type with { ScidAlias = true } : type,
            // No channel is announced: this node forwards nothing, and announcing comes together with that.
            IsAnnounced = false,
            Alias = DrawAlias(),
            ShutdownScript = shutdownScript,
            LocalFeatures = core.Options.Features,
            PeerFeatures = features,
        };
        if (!Channel.Open(proposal, keys, core.Options.ChannelPolicy, core.ChannelContext).TryGet(out var started, out var refusal))
        {
            keys.Dispose();
            return refusal;
        }

        Begin(turn, connection, started).Opening = opening;
        return null;
    }

    /// <summary>What the wallet lacks of the reserve with some more anchor channels, or null.</summary>
    internal Satoshis? Missing(int moreChannels)
    {
        var required = AnchorReserve.Required(AnchorChannelCount + moreChannels, core.Fees.Current.Normal);
        var free = core.Wallet.ConfirmedFree;
        return free >= required ? null : required - free;
    }

    /// <summary>Carries out what a channel decided.</summary>
    internal void Run(Turn turn, ChannelEntry entry, ChannelStep step)
    {
        foreach (var record in step.Records)
        {
            turn.Encoder.Clear();
            ChannelRecordCodec.Write(turn.Encoder, record);
            turn.Record(EntryKind.Channel, entry.KeyId, turn.Encoder.WrittenSpan);
        }

        if (entry.KnownAs != entry.Channel.Id)
            Index(entry);
        MarkDirty(entry);

        foreach (var effect in step.Effects)
            Carry(turn, entry, effect);
    }

    /// <summary>At the end of a turn: every channel that something happened to signs what it owes.</summary>
    internal void Flush(Turn turn)
    {
        // What is flushed may bring further channels up.
        for (var i = 0; i < _dirty.Count; i++)
        {
            var entry = _dirty[i];
            if (_channels.ContainsKey(entry.KeyId))
            {
                Run(turn, entry, entry.Channel.Flush(core.ChannelContext, maySettleLater: !entry.IsSettlementDue));
                entry.IsSettlementDue = false;
                if (entry.Channel.MaySettleLater)
                    SettleLater(entry);
            }

            turn.RunFollowers();
        }

        foreach (var entry in _dirty)
            entry.IsDirty = false;
        _dirty.Clear();
    }

    /// <summary>A channel that is over.</summary>
    private void Remove(Turn turn, ChannelEntry entry)
    {
        if (core.State.Fundings.ContainsKey(entry.KeyId) || core.State.Unmined.ContainsKey(entry.KeyId) || core.State.PeerPolicies.ContainsKey(entry.KeyId))
            core.Record(turn, new NodeRecord.ChannelForgotten(entry.KeyId));
        Remove(entry);
        Backups.Changed(turn);
    }

    internal void Remove(ChannelEntry entry)
    {
        _channels.Remove(entry.KeyId);
        if (entry.KnownAs is { } id && _byId.TryGetValue(id, out var known) && known == entry)
            _byId.Remove(id);
        if (_byPeer.TryGetValue(entry.Peer, out var ofPeer) && ofPeer.Remove(entry) && ofPeer.Count == 0)
            _byPeer.Remove(entry.Peer);
        entry.Dispose();
    }

    // A payer who pays again at once signs the next HTLC together with the removal of the last: two messages, two flushes and two signatures fewer,
    // none of which stands in the way of the next payment then.
    private void SettleLater(ChannelEntry entry)
    {
        if (entry.IsSettlementWaiting)
            return;
        entry.IsSettlementWaiting = true;
        core.Work(async token =>
        {
            await Task.Delay(core.Options.SettlementDelay, core.Time, token);
            core.Loop.Post(turn =>
            {
                entry.IsSettlementWaiting = false;
                if (!_channels.ContainsKey(entry.KeyId) || !entry.Channel.MaySettleLater)
                    return;
                entry.IsSettlementDue = true;
                MarkDirty(entry);
            });
        });
    }

    private void MarkDirty(ChannelEntry entry)
    {
        if (entry.IsDirty)
            return;
        entry.IsDirty = true;
        _dirty.Add(entry);
    }

    internal Bytes32 DrawHash()
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Length];
        core.Entropy.Fill(bytes);
        return new Bytes32(bytes);
    }

    // Random, and never the place of a transaction in the chain as it is now: a height of a few million.
    private ShortChannelId DrawAlias()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        core.Entropy.Fill(bytes);
        return new ShortChannelId((BitConverter.ToUInt64(bytes) & 0x3fff_ffff_ffff_ffff) | 0x4000_0000_0000_0000);
    }

    private ChannelEntry Begin(Turn turn, PeerConnection connection, StartedChannel started)
    {
        var entry = Add(started.Channel);
        entry.Connection = connection;
        connection.MarkKnown();
        Run(turn, entry, started.Step);
        return entry;
    }

    private void Index(ChannelEntry entry)
    {
        if (entry.KnownAs is { } old)
            _byId.Remove(old);
        entry.KnownAs = entry.Channel.Id;
        _byId[entry.Channel.Id] = entry;
    }
}

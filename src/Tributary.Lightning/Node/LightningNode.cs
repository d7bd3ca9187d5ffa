using System.Diagnostics.CodeAnalysis;
using System.Net;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Wallets;
using Tributary.Lightning.Channels;
using Tributary.Lightning.Keys;
using Tributary.Lightning.Node.Backups;
using Tributary.Lightning.Node.Desks;
using Tributary.Lightning.Node.Fees;
using Tributary.Lightning.Node.Journal;
using Tributary.Lightning.Node.Loop;
using Tributary.Lightning.Node.Wallets;
using Tributary.Lightning.OnChain;
using Tributary.Lightning.Payments;
using Tributary.Lightning.Peers;
using Tributary.Lightning.Routing;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;
using Tributary.Storage.Backups;
using Tributary.Storage.Files;
using Tributary.Storage.Logs;

namespace Tributary.Lightning.Node;

/// <summary>
/// A Lightning node on a log, a wallet and a chain source: owns sockets, clock and disk for the machines, which own none. Opening replays the
/// log; <see cref="RunAsync"/> looks through the blocks that were missed, and speaks to peers only then.
/// </summary>
public sealed partial class LightningNode : ILightningNode, IAsyncDisposable
{
    private const string LogPurpose = "tributary.lightning/1";

    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_feeInterval = TimeSpan.FromSeconds(20);

    /// <summary>How long the tip may be ahead of what was looked through before the node counts as behind: a block takes a moment.</summary>
    private static readonly TimeSpan s_lagMax = TimeSpan.FromSeconds(15);

    private readonly NodeCore _core;
    private readonly ChannelDesk _channels;
    private readonly ChainDesk _chainDesk;
    private readonly PaymentDesk _payments;
    private readonly PeerDesk _peers;
    private readonly GossipDesk _gossip;
    private readonly RouteDesk _routes;
    private readonly BackupKeeper _backups;
    private readonly RecordLog _log;
    private readonly IPeerHub _hub;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _checkpointAt;
    private int _peersStarted;
    private bool _isWitnessed;
    private ulong _mark;
    private long _lagSince;

    private NodeLoop Loop => _core.Loop;

    internal NodeCore Core => _core;

    internal ChannelDesk Channels => _channels;

    internal PaymentDesk Payments => _payments;

    internal PeerDesk Peers => _peers;

    [SuppressMessage("Reliability", "CA2000", Justification = "The node owns the hub.")]
    private LightningNode(
        NodeCore core, ChannelDesk channels, ChainDesk chainDesk, PaymentDesk payments, GossipDesk gossip, RouteDesk routes, RecordLog log, NodeSurroundings surroundings)
    {
        _core = core;
        _channels = channels;
        _chainDesk = chainDesk;
        _payments = payments;
        _gossip = gossip;
        _routes = routes;
        _log = log;
        _backups = channels.Backups = new BackupKeeper(core, ExportBackupAsync);
        _peers = new PeerDesk(core, channels, gossip);
        var profile = new PeerProfile(core.Options.Network.GenesisHash.Value, core.Options.Features);
        _hub = surroundings.CreateHub(core, profile, _peers);
        _checkpointAt = Math.Max(core.Options.CheckpointAtBytes, log.Size * 2);
        Loop.Appended = CheckpointWhenDue;
        Loop.Durable = NoteDurable;
    }

    /// <summary>Completes when the node has looked through the chain for the first time, and listens.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Where it listens; null before <see cref="Ready"/>, and where it does not.</summary>
    public IPEndPoint? ListenAddress { get; private set; }

    /// <summary>The last block that it has looked through.</summary>
    public int Height => _core.Height;

    /// <summary>Opens a node, or begins one in an empty folder. Wallet, keys and chain source stay the caller's, and outlive the node.</summary>
    /// <param name="options">How it behaves.</param>
    /// <param name="keys">Its secrets.</param>
    /// <param name="folder">Where its log is; nobody else writes there.</param>
    /// <param name="wallet">Follows the same chain source.</param>
    /// <param name="chain">The chain.</param>
    /// <param name="entropy">For keys and ids.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    public static Task<Result<LightningNode, Refusal>> OpenAsync(
        NodeOptions options, NodeKeys keys, IStorageDirectory folder, Wallet wallet, IChainSource chain, IEntropy entropy, TimeProvider time, CancellationToken cancellationToken) =>
        OpenAsync(options, keys, folder, wallet, chain, entropy, time, NodeSurroundings.System, cancellationToken);

    /// <summary>The same with other surroundings than the system's.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The node owns the log.")]
    internal static async Task<Result<LightningNode, Refusal>> OpenAsync(
        NodeOptions options,
        NodeKeys keys,
        IStorageDirectory folder,
        Wallet wallet,
        IChainSource chain,
        IEntropy entropy,
        TimeProvider time,
        NodeSurroundings surroundings,
        CancellationToken cancellationToken)
    {
        if (chain.Network != options.Network || wallet.Network != options.Network)
            return new Refusal("network", $"is {options.Network}; the chain source follows {chain.Network}, the wallet {wallet.Network}");
        var core = new NodeCore(options, keys, new NodeWallet(wallet), chain, new FeeEstimator(chain, options.Feerates), entropy, time, surroundings.Scheduler);
        var gossip = new GossipDesk(core);
        var routes = new RouteDesk(core, gossip.Graph, gossip.Gate);
        var outgoing = new OutgoingPayments(keys.Id, options.Network.GenesisHash.Value, routes, new LiquidityMemory(), entropy);
        var incoming = new IncomingPayments(options.Receiver, entropy);
        var replay = new NodeReplay(core.State, outgoing, incoming);
        if (!OpenLog(options, keys, folder, entropy, replay, out var copy).TryGet(out var log, out var error))
            return error.ToRefusal("data");

        var isOpen = false;
        try
        {
            if (core.State.Creation is { } creation && (!string.Equals(creation.Network, options.Network.Name, StringComparison.Ordinal) || creation.NodeId != keys.Id))
            {
                return new Refusal("data", creation.NodeId == keys.Id
                    ? $"belongs to a node on {creation.Network}: name that network, or another folder"
                    : $"belongs to node {creation.NodeId}, whose keys these are not");
            }

            if (core.State.Creation is null && BackupKeeper.FindLeftOver(options) is { } left)
                return new Refusal("data", $"has no log, and {left} is the backup of one that is gone: 'node restore' that file into a new folder, or move it away");

            var channels = new ChannelDesk(core);
            var chainDesk = new ChainDesk(core, channels, gossip);
            var payments = new PaymentDesk(core, channels, outgoing, incoming);
            (channels.ChainDesk, channels.Payments, routes.Payments) = (chainDesk, payments, payments);
            if (Restore(core, channels, replay) is { } damage)
                return damage;
            payments.NoteFinished();

            ChainTip? tip = null;
            if (core.State.Creation is null)
            {
                if (!(await chain.GetTipAsync(cancellationToken)).TryGet(out var current, out var problem))
                    return new Refusal("chain", problem.Reason);
                tip = current;
            }

            var node = new LightningNode(core, channels, chainDesk, payments, gossip, routes, log, surroundings);
            node.Loop.Post(turn => node.Begin(turn, tip, copy));
            isOpen = true;
            return node;
        }
        finally
        {
            if (!isOpen)
                await log.DisposeAsync();
        }
    }

    /// <summary>Runs until it is cancelled.</summary>
    /// <exception cref="IOException">The disk failed: the node has stopped, and nothing has left that is not on disk.</exception>
    /// <exception cref="ChainSourceLostException">The chain source is gone for good.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _ = await _core.Fees.RefreshAsync(cancellationToken);
        Task[] tasks = [Loop.RunAsync(_log, Settle, stop.Token), FollowAsync(stop.Token), TickAsync(stop.Token), RefreshFeesAsync(stop.Token), _gossip.RunAsync(stop.Token), _routes.RunAsync(stop.Token)];
        var first = await Task.WhenAny(tasks);

        // Peers go first, so that nothing more comes in; then what is taken is finished.
        await _hub.DisposeAsync();
        await stop.CancelAsync();
        _ready.TrySetCanceled(CancellationToken.None);
        await _core.StopWorkAsync();
        await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        await first;
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _core.StopWorkAsync();
        await _log.DisposeAsync();
        foreach (var entry in _channels.All)
            entry.Dispose();
    }

    private static Refusal? Restore(NodeCore core, ChannelDesk channels, NodeReplay replay)
    {
        foreach (var state in replay.Channels.Where(static state => state.Stage != ChannelStage.Forgotten))
        {
            var keys = core.Keys.ChannelKeys(state.Setup.KeyId);
            if (keys.Basepoints != state.Setup.Local.Basepoints)
            {
                keys.Dispose();
                return new Refusal("data", $"holds channel {state.Setup.KeyId}, which these keys did not make");
            }

            var entry = channels.Add(new Channel(state, keys, core.Options.ChannelPolicy));
            channels.Watch(entry);
            if (entry.Monitor is not { } monitor)
                continue;
            if (replay.Restore(entry.KeyId, monitor) is { } damage)
                return new Refusal("data", $"holds a damaged state of channel {entry.KeyId}: {damage}");
            if (monitor.IsDone)
                channels.Remove(entry);
        }

        return null;
    }

    // The first input: who we are, what was under way, and what the effects of the last run may have lost.
    private void Begin(Turn turn, ChainTip? tip, RestoredFrom? copy)
    {
        TakeCopy(turn, copy);
        TakePlace(turn);
        TakeWitness(turn);
        if (_core.State.Creation is null)
        {
            _core.Record(turn, new NodeRecord.Created(_core.Options.Network.Name, _core.Keys.Id));
            _core.Record(turn, new NodeRecord.TipMoved(tip!.Value));
        }

        // Looked at before a channel asks for coins: what it gets is in none of these.
        var idle = _core.Wallet.FindIdleLeases(
            _channels.All.SelectMany(static entry => entry.Monitor is { IsDone: false } monitor ? monitor.Coins.Select(static granted => granted.Purpose) : []),
            _channels.All.Select(static entry => entry.KeyId.ToString()));
        if (idle.Count > 0)
            turn.Afterwards(() => _core.Work(token => _core.Wallet.ReleaseAsync(idle, token)));

        var held = new List<(HtlcKey Htlc, Bytes32 PaymentHash)>();
        foreach (var entry in _channels.All)
        {
            held.AddRange(entry.Channel.State.Offered.Select(htlc => (new HtlcKey(entry.Channel.Id, htlc.Id), htlc.PaymentHash)));
            held.AddRange(entry.Channel.State.Resolved.Select(htlc => (new HtlcKey(entry.Channel.Id, htlc.Id), htlc.PaymentHash)));
        }

        _payments.Run(turn, _payments.Outgoing.Reconcile(held.Distinct(), new PaymentContext(_core.NowMilliseconds, (uint)_core.Height, [])));
        foreach (var entry in _channels.All.ToArray())
        {
            _channels.Run(turn, entry, entry.Channel.Resume());
            _chainDesk.Deepen(turn, entry, _core.Height);
            if (entry.Monitor is { } monitor)
                _channels.Run(turn, entry, monitor.Handle(new MonitorInput.Resume(), _core.ChainNow));
        }

        _chainDesk.ReserveChanged();

        // The last run may have ended before it wrote what changed.
        _backups.Changed(turn);
    }

    // At the end of each turn.
    private void Settle(Turn turn)
    {
        _channels.Flush(turn);
        Vouch(turn);
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        // The first input is behind us when this is answered.
        var from = await Loop.AskAsync(_ => _core.State.Tip);
        await TryBecomeReadyAsync();
        await foreach (var change in _core.Chain.FollowAsync(from, cancellationToken))
        {
            switch (change)
            {
                case ChainEvent.Connected connected:
                    await Loop.AskAsync(turn => Did(() => _chainDesk.Connect(turn, connected.Height, connected.Block)));
                    break;
                case ChainEvent.Disconnected disconnected:
                    await Loop.AskAsync(turn => Did(() => _chainDesk.Disconnect(turn, disconnected.Height, disconnected.Block)));
                    break;
            }

            await TryBecomeReadyAsync();
        }
    }

    private static bool Did(Action action)
    {
        action();
        return true;
    }

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_tick, _core.Time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            await TryBecomeReadyAsync();
            _gossip.Tick();
            Loop.Post(turn =>
            {
                _payments.Tick(turn);
                turn.RunFollowers();
                _chainDesk.CheckCoins();
                NodeLoop.CloseTurn(turn);
            });
        }
    }

    private async Task RefreshFeesAsync(CancellationToken cancellationToken)
    {
        // Now and then, and with each block: that is when claims are replaced.
        using var timer = new PeriodicTimer(s_tick, _core.Time);
        var (asked, tip) = (_core.Time.GetTimestamp(), _core.State.Tip);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            if (_core.Time.GetElapsedTime(asked) < s_feeInterval && (!_core.IsSynced || tip == _core.State.Tip))
                continue;
            (asked, tip) = (_core.Time.GetTimestamp(), _core.State.Tip);
            if (await _core.Fees.RefreshAsync(cancellationToken))
                Loop.Post(FeesChanged);
        }
    }

    private void FeesChanged(Turn turn)
    {
        _chainDesk.ReserveChanged();
        foreach (var entry in _channels.All.ToArray())
        {
            if (entry.Monitor is { } monitor)
                _channels.Run(turn, entry, monitor.Handle(new MonitorInput.Feerates(), _core.ChainNow));
            var state = entry.Channel.State;
            if (!state.Setup.IsOpener || !entry.Channel.IsUsable)
                continue;

            // Only what matters is told to the peer: each change costs a signature round.
            var wanted = _core.CommitmentFeerate(state.Setup.Type.HasAnchors);
            if (entry.Channel.Local?.State.Feerate is not { } current)
                continue;
            if (Math.Abs(wanted.Value - current.Value) * 4 > current.Value && entry.Channel.UpdateFee(wanted).TryGet(out var step))
                _channels.Run(turn, entry, step);
        }
    }

    /// <summary>Finds out whether the chain is known up to its tip. When it is for the first time, peers may dial and are dialled.</summary>
    private async Task TryBecomeReadyAsync()
    {
        var status = _core.Chain.Status;
        var isAtTip = status is { IsSynced: true, Tip: { } tip } && tip == _core.State.Tip;
        if (isAtTip)
            _lagSince = 0;
        else if (_lagSince == 0)
            _lagSince = _core.Time.GetTimestamp();
        var isSynced = isAtTip || (_core.IsSynced && status.IsSynced && _core.Time.GetElapsedTime(_lagSince) < s_lagMax);
        if (isSynced != _core.IsSynced)
        {
            await Loop.AskAsync(turn =>
            {
                _core.IsSynced = isSynced;
                _payments.Tick(turn);
                return isSynced;
            });
        }

        if (isSynced && Interlocked.Exchange(ref _peersStarted, 1) == 0)
        {
            await Loop.AskAsync(_ => _core.Dialled = new Dialling(_core.Height, _core.Time.GetTimestamp()));
            StartPeers();
            _ready.TrySetResult();
        }
    }

    private void StartPeers()
    {
        if (_core.Options.Listen is { } listen)
        {
            if (!_hub.Listen(listen).TryGet(out var endpoint, out var refusal))
                throw new IOException(refusal.ToString());
            ListenAddress = endpoint;
        }

        foreach (var entry in _channels.All)
            KeepPeer(entry.Peer);
    }

    private void KeepPeer(Wire.NodeId peer)
    {
        if (_core.State.Peers.TryGetValue(peer, out var address) && peer.TryGetKey(out var key))
            _hub.Keep(new PeerAddress(key, address.Host, address.Port));
    }

    // In the loop: what is in memory is as of this batch.
    private void CheckpointWhenDue(LogSequence through)
    {
        if (_log.Size < Volatile.Read(ref _checkpointAt))
            return;
        var snapshot = new List<ReadOnlyMemory<byte>>();
        var writer = new ByteWriter();
        foreach (var record in _core.State.Snapshot())
        {
            writer.Clear();
            NodeRecordCodec.Write(record, writer);
            snapshot.Add(LogEntry.ToArray(EntryKind.Node, default, writer.WrittenSpan));
        }

        foreach (var entry in _channels.All)
        {
            snapshot.Add(LogEntry.ToArray(EntryKind.ChannelState, entry.KeyId, entry.Channel.State.ToArray()));
            if (entry.Monitor is { } monitor)
                snapshot.Add(LogEntry.ToArray(EntryKind.ClaimsState, entry.KeyId, monitor.WriteCheckpoint()));
        }

        foreach (var record in _payments.Outgoing.Checkpoint())
            snapshot.Add(LogEntry.ToArray(EntryKind.Payment, record.PaymentHash, PaymentRecordCodec.Write(record)));
        foreach (var record in _payments.Incoming.Checkpoint())
            snapshot.Add(LogEntry.ToArray(EntryKind.Invoice, record.PaymentHash, InvoiceRecordCodec.Write(record)));

        _checkpointAt = long.MaxValue;
        _core.Work(async token =>
        {
            await _log.CheckpointAsync(through, snapshot, token);
            Volatile.Write(ref _checkpointAt, Math.Max(_core.Options.CheckpointAtBytes, _log.Size * 2));
        });
    }
}

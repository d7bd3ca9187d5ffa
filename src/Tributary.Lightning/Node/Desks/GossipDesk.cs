using System.Threading.Channels;
using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Gossip;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Node.Graph;
using Tributary.Lightning.Peers;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Node.Desks;

/// <summary>
/// Gossip beside the node's loop: it has a loop of its own, since nothing in it moves money and all of it may wait. The graph is changed and
/// read under <see cref="Gate"/>; signatures and the chain are asked outside of it. What peers may have waiting is bounded by their connections:
/// a message gives its room back when it was dealt with.
/// </summary>
internal sealed partial class GossipDesk
{
    /// <summary>Signatures that may wait before strangers wait too, and before a peer is asked for more.</summary>
    private const int ChecksMax = 4_096;
    private const int ChecksLow = 1_024;

    private readonly NodeCore _core;
    private readonly GraphFile? _file;
    private readonly GossipIntake _intake;
    private readonly GossipSync _sync;
    private readonly GossipServer _server;
    private readonly GossipArchive _archive;
    private readonly VerifyQueue _checks;
    private readonly FundingChecker _chain;
    private readonly Channel<Action> _inputs = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Channel<bool> _asked = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _wantedSync = new();
    private readonly PriorityQueue<GossipEffect.CheckFunding, ulong> _wanted = new();

    // By the gossip loop alone.
    private readonly Dictionary<NodeId, PeerConnection> _peers = [];
    private readonly HashSet<NodeId> _answering = [];
    private readonly Queue<(PeerConnection Connection, int Length)> _owed = new();
    private readonly Dictionary<NodeId, LightningMessage> _later = [];
    private readonly Dictionary<ShortChannelId, OutPoint> _fundings;
    private readonly Dictionary<OutPoint, ShortChannelId> _byFunding = [];
    private readonly int _savedHeight;
    private int _channelCount;
    private bool _isChanged;
    private long _savedAt;
    private bool _isSaveBroken;

    internal GossipDesk(NodeCore core)
    {
        _core = core;
        _archive = new GossipArchive();
        SavedGraph? saved = null;
        if (core.Options.GossipFolder is { } folder)
        {
            _file = new GraphFile(folder);
            saved = _file.Read(ChainHash, _archive);
            if (saved is null)
                _archive = new GossipArchive();
        }

        Graph = saved?.Graph ?? new NetworkGraph();
        _fundings = saved?.Fundings ?? [];
        foreach (var (id, outPoint) in _fundings)
            _byFunding[outPoint] = id;
        _savedHeight = saved?.Height ?? int.MaxValue;
        _channelCount = Graph.ChannelCount;
        _savedAt = core.Time.GetTimestamp();
        var options = core.Options.Gossip;
        _intake = new GossipIntake(Graph, _archive, new PrivateChannels(), ChainHash, options);
        _sync = new GossipSync(Graph, _intake, ChainHash, options);
        _server = new GossipServer(Graph, _archive, ChainHash, options);
        _chain = new FundingChecker(core.Chain);
        _checks = new VerifyQueue(core.Scheduler, batch => Post(() => Verified(batch)));
    }

    /// <summary>Channels of the map, without waiting for the gate.</summary>
    internal int ChannelCount => Volatile.Read(ref _channelCount);

    /// <summary>What is known of the network: only under <see cref="Gate"/>.</summary>
    internal NetworkGraph Graph { get; }

    /// <summary>Held while the graph is changed, searched or saved; no signature, block or peer is waited for under it.</summary>
    internal Lock Gate { get; } = new();

    private Bytes32 ChainHash => _core.Options.Network.GenesisHash.Value;

    private uint Now => (uint)(_core.NowMilliseconds / 1000);

    /// <summary>Is it gossip? An update of a channel of ours concerns the channels' desk as well.</summary>
    internal static bool Takes(LightningMessage message) => message is ChannelAnnouncement or ChannelUpdate or NodeAnnouncement or QueryChannelRange
        or QueryShortChannelIds or ReplyChannelRange or ReplyShortChannelIdsEnd or GossipTimestampFilter;

    /// <summary>A peer's gossip; from any thread.</summary>
    internal void Take(PeerConnection connection, LightningMessage message, int length) => Post(() =>
    {
        var peer = new NodeId(connection.NodeId);
        if (_peers.TryGetValue(peer, out var current) && current == connection)
            Handle(peer, message);
        if (!connection.IsKnown && _checks.Count > ChecksMax)
            _owed.Enqueue((connection, length));
        else
            connection.Done(length);
    });

    internal void Connected(PeerConnection connection) => Post(() =>
    {
        var peer = new NodeId(connection.NodeId);
        if (_peers.ContainsKey(peer))
            Forget(peer);
        _peers[peer] = connection;
        Do(() => _sync.PeerConnected(peer, connection.RemoteInit.AllFeatures, Now));
    });

    internal void Gone(PeerConnection connection) => Post(() =>
    {
        var peer = new NodeId(connection.NodeId);
        if (_peers.TryGetValue(peer, out var current) && current == connection)
            Forget(peer);
    });

    /// <summary>A block joined the chain; from any thread.</summary>
    internal void BlockConnected(int height, Block block) => Post(() =>
    {
        Do(() =>
        {
            foreach (var id in SpentIn(block))
                _intake.FundingSpent(id, (uint)height);
            return _intake.BlockConnected((uint)height);
        });
    });

    /// <summary>The tip was taken back; from any thread.</summary>
    internal void BlockDisconnected(Block block) => Post(() =>
    {
        lock (Gate)
        {
            foreach (var id in SpentIn(block))
                _intake.FundingRestored(id);
        }
    });

    /// <summary>Each second or so; from any thread.</summary>
    internal void Tick() => Post(() =>
    {
        Do(() => [.. _intake.Tick(Now), .. _sync.Tick(Now)]);
        if (_isChanged && _core.Time.GetElapsedTime(_savedAt) >= _core.Options.GossipSaveInterval)
            Save();
    });

    /// <summary>Saves the map now; from any thread.</summary>
    internal Task SaveAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            Save();
            done.SetResult();
        });
        return done.Task;
    }

    /// <summary>Counts for people; waits for the gate.</summary>
    internal (int Nodes, int Channels) Count()
    {
        lock (Gate)
            return (Graph.NodeCount, Graph.ChannelCount);
    }

    /// <summary>Runs until it is cancelled, then saves what has changed.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        Task[] beside = [_checks.RunAsync(cancellationToken), AskChainAsync(cancellationToken), CatchUpAsync(_core.Height, cancellationToken)];
        try
        {
            while (await _inputs.Reader.WaitToReadAsync(cancellationToken))
            {
                while (_inputs.Reader.TryRead(out var input))
                    input();
                ReleaseWaiting();
                if (_answering.Count > 0)
                    await AnswerAsync(cancellationToken);
                if (Array.Find(beside, static task => task.IsFaulted) is { } broken)
                    await broken;
            }
        }
        finally
        {
            _inputs.Writer.TryComplete();
            if (_isChanged)
                Save();
            await Task.WhenAll(beside).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Post(Action input) => _inputs.Writer.TryWrite(input);

    private void Handle(NodeId peer, LightningMessage message)
    {
        switch (message)
        {
            case ReplyShortChannelIdsEnd when _checks.Count + _intake.PendingCount > ChecksLow:
                // What the last query brought is still being checked: more is asked for after that.
                _later[peer] = message;
                break;
            case ReplyChannelRange or ReplyShortChannelIdsEnd:
                Do(() => _sync.Received(peer, message, Now));
                break;
            case QueryChannelRange or QueryShortChannelIds:
                Do(() => _server.Received(peer, message, Now));
                break;
            case GossipTimestampFilter:
                // Gossip is not passed on as it comes: see GossipServer.
                break;
            default:
                Do(() => _intake.Received(peer, message, Now));
                break;
        }
    }

    private void Forget(NodeId peer)
    {
        _peers.Remove(peer);
        _answering.Remove(peer);
        _later.Remove(peer);
        Do(() =>
        {
            _intake.PeerGone(peer);
            _server.PeerGone(peer);
            return _sync.PeerGone(peer, Now);
        });
    }

    private void Verified(IReadOnlyList<(GossipWork Work, bool IsGood)> batch)
    {
        foreach (var (work, isGood) in batch)
        {
            _isChanged |= isGood;
            Do(() => _intake.Verified(work, isGood, Now));
        }
    }

    private void FundingChecked(ShortChannelId id, FundingAnswer answer, OutPoint outPoint)
    {
        if (answer is FundingAnswer.Found)
            (_fundings[id], _byFunding[outPoint]) = (outPoint, id);
        Do(() => _intake.FundingChecked(id, answer, Now));
        lock (Gate)
        {
            if (!Graph.HasChannel(id))
                DropFunding(id);
        }
    }

    private void DropFunding(ShortChannelId id)
    {
        if (_fundings.Remove(id, out var outPoint))
            _byFunding.Remove(outPoint);
    }

    private void Do(Func<IReadOnlyList<GossipEffect>> act)
    {
        IReadOnlyList<GossipEffect> effects;
        lock (Gate)
        {
            effects = act();
            Volatile.Write(ref _channelCount, Graph.ChannelCount);
        }

        foreach (var effect in effects)
            Carry(effect);
    }

    private void Carry(GossipEffect effect)
    {
        switch (effect)
        {
            case GossipEffect.Verify verify:
                _checks.Add(verify.Work);
                break;
            case GossipEffect.CheckFunding check:
                lock (_wantedSync)
                    _wanted.Enqueue(check, check.Id.Value);
                _asked.Writer.TryWrite(true);
                break;
            case GossipEffect.ChannelAdded:
                _isChanged = true;
                break;
            case GossipEffect.ChannelRemoved removed:
                _isChanged = true;
                DropFunding(removed.Id);
                break;
            case GossipEffect.Send send when _peers.TryGetValue(send.Peer, out var connection):
                connection.Send(send.Message);
                break;
            case GossipEffect.AnswerWaits answer:
                _answering.Add(answer.Peer);
                break;
            case GossipEffect.WarnPeer warn when _peers.TryGetValue(warn.Peer, out var connection):
                connection.Send(warn.Message);

                // Bad gossip is no reason to keep payments of a channel waiting.
                if (warn.Disconnect && !connection.IsKnown)
                    connection.Close(new PeerClosure(PeerClosureKind.Protocol, "gossip that breaks a rule"));
                break;
        }
    }

    private List<ShortChannelId> SpentIn(Block block)
    {
        var spent = new List<ShortChannelId>();
        if (_byFunding.Count == 0)
            return spent;
        foreach (var transaction in block.Transactions.Skip(1))
        {
            for (var i = 0; i < transaction.InputCount; i++)
            {
                if (_byFunding.TryGetValue(transaction.PreviousOutput(i), out var id))
                    spent.Add(id);
            }
        }

        _isChanged |= spent.Count > 0;
        return spent;
    }
}

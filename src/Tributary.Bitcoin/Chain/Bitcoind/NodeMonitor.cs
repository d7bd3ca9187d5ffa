using System.Collections.Immutable;
using Tributary.Bitcoin.Networks;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Chain.Bitcoind;

/// <summary>
/// Watches one bitcoind: asks for its tip and health at an interval and whenever a notification comes, keeps the status, and wakes
/// those who follow. Owns the only background work of the source.
/// </summary>
internal sealed class NodeMonitor(BitcoindQueries queries, BitcoindOptions options, TimeProvider time)
{
    /// <summary>A block whose header is known may be under validation: a node one block behind answers for the chain it has.</summary>
    private const int BlocksBehindMax = 1;

    private readonly ChangeSignal _changed = new();
    private readonly ChangeSignal _probe = new();
    private ImmutableArray<MempoolHints> _hints = [];
    private Health _health = new(new ChainError(ChainErrorKind.Unreachable, $"bitcoind at {options.RpcAddress} was not asked yet."), null, 0);

    /// <summary>What is known without asking.</summary>
    internal ChainStatus Status
    {
        get
        {
            var health = Volatile.Read(ref _health);
            return new ChainStatus(health.Error is null, health.Info?.Tip, health.Error?.Reason);
        }
    }

    /// <summary>Completes when the tip or the health changed.</summary>
    internal Task NextChange => _changed.Next;

    /// <summary>True while every change of the mempool is notified, in order and with numbers.</summary>
    internal bool HasExactHints { get; set; }

    /// <summary>True while notifications of blocks arrive.</summary>
    internal bool HasNotifications { get; set; }

    internal MempoolHints SubscribeMempool()
    {
        var hints = new MempoolHints(hints => ImmutableInterlocked.Update(ref _hints, static (all, one) => all.Remove(one), hints));
        ImmutableInterlocked.Update(ref _hints, static (all, one) => all.Add(one), hints);
        return hints;
    }

    /// <summary>A notification about the mempool.</summary>
    internal void Hint(MempoolHint hint)
    {
        foreach (var hints in _hints)
            hints.Offer(hint);
    }

    /// <summary>A notification about blocks.</summary>
    internal void HintBlock()
    {
        _probe.Pulse();
        Hint(new MempoolHint(MempoolHintKind.Block, default, 0));
    }

    /// <summary>Wakes all who wait for a last time: the source is closed.</summary>
    internal void Close()
    {
        _changed.Pulse();
        Hint(new MempoolHint(MempoolHintKind.Unknown, default, 0));
    }

    /// <summary>The watching itself has failed, by an error of ours: say so rather than show an old state for ever.</summary>
    internal void Break(Exception exception)
    {
        var error = new ChainError(ChainErrorKind.Unreachable, $"Watching bitcoind at {options.RpcAddress} has stopped because of an error of its own: {exception.Message} Restart it.");
        Volatile.Write(ref _health, new Health(error, _health.Info, time.GetTimestamp()));
        _changed.Pulse();
    }

    /// <summary>Watches until cancelled.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var hinted = _probe.Next;
            await ProbeAsync(cancellationToken);
            var interval = HasNotifications ? options.NotifiedPollInterval : options.PollInterval;
            await Wait.ForAsync(hinted, interval, time, cancellationToken);
        }
    }

    /// <summary>
    /// The state of the node, or why it can't answer for the whole chain. What the monitor saw a moment ago is good enough; a problem
    /// is looked at again before it is reported.
    /// </summary>
    internal async ValueTask<Result<BitcoindNodeInfo, ChainError>> GetReadyAsync(CancellationToken cancellationToken)
    {
        var health = Volatile.Read(ref _health);
        if (health.Error is not null || time.GetElapsedTime(health.Timestamp) > options.NotifiedPollInterval * 2)
            health = await ProbeAsync(cancellationToken);
        return health.Error is { } error ? error : health.Info!;
    }

    /// <summary>Asks the node now.</summary>
    internal async ValueTask<Result<BitcoindNodeInfo, ChainError>> AskAsync(CancellationToken cancellationToken)
    {
        var health = await ProbeAsync(cancellationToken);
        return health.Error is { } error ? error : health.Info!;
    }

    private async ValueTask<Health> ProbeAsync(CancellationToken cancellationToken)
    {
        var before = Volatile.Read(ref _health);
        var answer = await queries.GetNodeAsync(cancellationToken);
        Health health;
        if (!answer.TryGet(out var node, out var error))
            health = new Health(error, before.Info, time.GetTimestamp());
        else if (node.Genesis != options.Network.GenesisHash)
            health = new Health(new ChainError(ChainErrorKind.WrongNetwork, $"bitcoind at {options.RpcAddress} follows another network than {options.Network}: its genesis block is {node.Genesis}."), null, time.GetTimestamp());
        else
            health = new Health(Behind(node.Info), node.Info, time.GetTimestamp());

        Volatile.Write(ref _health, health);
        if (health.Info?.Tip != before.Info?.Tip || health.Error != before.Error)
            _changed.Pulse();
        return health;
    }

    private ChainError? Behind(BitcoindNodeInfo info)
    {
        // A regtest chain without recent blocks stays in initial download for ever; it is complete all the same.
        var isDownloading = info.IsInitialDownload && options.Network != BitcoinNetwork.Regtest;
        if (!isDownloading && info.Headers - info.Tip.Height <= BlocksBehindMax)
            return null;
        return new ChainError(ChainErrorKind.NotSynced, $"bitcoind at {options.RpcAddress} is catching up: block {info.Tip.Height} of {info.Headers} known headers.");
    }

    private sealed record Health(ChainError? Error, BitcoindNodeInfo? Info, long Timestamp);
}

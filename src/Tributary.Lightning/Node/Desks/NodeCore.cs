using System.Diagnostics.CodeAnalysis;
using Tributary.Bitcoin.Chain;
using Tributary.Lightning.Channels;
using Tributary.Lightning.Keys;
using Tributary.Lightning.Node.Fees;
using Tributary.Lightning.Node.Journal;
using Tributary.Lightning.Node.Loop;
using Tributary.Lightning.Node.Wallets;
using Tributary.Lightning.OnChain;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Contracts;

namespace Tributary.Lightning.Node.Desks;

/// <summary>What all desks of a node share. The desks run in the loop; what is asynchronous runs beside it and comes back as an input.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The token source has no timer: there is nothing to dispose of, and late callers look at it.")]
internal sealed class NodeCore(NodeOptions options, NodeKeys keys, NodeWallet wallet, IChainSource chain, FeeEstimator fees, IEntropy entropy, TimeProvider time, TaskScheduler scheduler)
{
    private readonly Lock _sync = new();
    private readonly HashSet<Task> _work = [];
    private readonly CancellationTokenSource _stop = new();

    internal NodeOptions Options => options;

    internal NodeKeys Keys => keys;

    internal NodeWallet Wallet => wallet;

    internal IChainSource Chain => chain;

    internal FeeEstimator Fees => fees;

    internal IEntropy Entropy => entropy;

    internal TimeProvider Time => time;

    /// <summary>Runs what goes on beside the loop.</summary>
    internal TaskScheduler Scheduler => scheduler;

    internal NodeLoop Loop { get; } = new();

    internal NodeState State { get; } = new();

    /// <summary>Completes what a reader of events waits for.</summary>
    internal ChangeNotice EventNotice { get; } = new();

    /// <summary>True while the node knows the chain up to its source's tip: otherwise nothing is paid, taken or promised.</summary>
    internal bool IsSynced { get; set; }

    internal int Height => State.Tip?.Height ?? 0;

    internal long NowMilliseconds => time.GetUtcNow().ToUnixTimeMilliseconds();

    internal ChainNow ChainNow => new(Height, fees.Current) { DialledAt = Dialled?.Height };

    /// <summary>Since when peers are dialled and may dial; null before.</summary>
    internal Dialling? Dialled { get; set; }

    /// <summary>
    /// What channels are told of feerates. A commitment with anchors only has to reach the mempool, since its child pays the rest; the upper
    /// bound leaves room for a peer whose estimator sees another mempool.
    /// </summary>
    internal ChannelContext ChannelContext
    {
        get
        {
            var current = fees.Current;
            var highest = Math.Max(current.NextBlock.Value * 10, 25_000);
            return new ChannelContext((uint)Height, new FeerateBounds(FeerateBounds.Floor, new FeeratePerKw(Math.Min(highest, 2_500_000)), current.Normal));
        }
    }

    /// <summary>What we promise for commitment transactions of channels that we opened.</summary>
    internal FeeratePerKw CommitmentFeerate(bool hasAnchors)
    {
        var current = fees.Current;
        if (!hasAnchors)
            return current.NextBlock;

        // Twice what the mempool takes now, so that it still relays when the minimum rises; never more than 10 sat/vB, since a child can add.
        var wanted = Math.Max(current.MempoolMinimum.Value * 2, current.Economy.Value);
        return new FeeratePerKw(Math.Clamp(wanted, FeerateBounds.Floor.Value, 2_500));
    }

    /// <summary>Records what happened to the node itself.</summary>
    internal void Record(Turn turn, NodeRecord record)
    {
        State.Apply(record);
        turn.Encoder.Clear();
        NodeRecordCodec.Write(record, turn.Encoder);
        turn.Record(EntryKind.Node, default, turn.Encoder.WrittenSpan);
    }

    /// <summary>Tells users of the node, once it is durable.</summary>
    internal void Raise(Turn turn, NodeEventKind kind, Bytes32 subject, MilliSatoshis amount, Bytes32? preimage, string text, HoldDeadline? hold = null)
    {
        // To the millisecond, as it is on disk: an event reads the same after a restart.
        Record(turn, new NodeRecord.EventRaised(new NodeEvent(State.LastEvent + 1, DateTimeOffset.FromUnixTimeMilliseconds(NowMilliseconds), kind, subject, amount, preimage, text) { Hold = hold }));
        turn.Afterwards(EventNotice.Pulse);
    }

    /// <summary>Runs something asynchronous beside the loop until the node stops.</summary>
    internal void Work(Func<CancellationToken, Task> work)
    {
        var task = Task.Factory.StartNew(() => work(_stop.Token), CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap();
        lock (_sync)
            _work.Add(task);
        _ = task.ContinueWith(
            done =>
            {
                lock (_sync)
                    _work.Remove(done);
                if (done is { IsFaulted: true, Exception: { } exception } && exception.InnerException is not OperationCanceledException)
                    Loop.Fail(exception.InnerException ?? exception);
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>Ends what runs beside the loop.</summary>
    internal async Task StopWorkAsync()
    {
        await _stop.CancelAsync();
        while (true)
        {
            Task[] running;
            lock (_sync)
                running = [.. _work];
            if (running.Length == 0)
                return;
            await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

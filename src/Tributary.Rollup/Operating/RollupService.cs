using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Tributary.Bitcoin.Chain;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;
using Tributary.Rollup.Anchoring;
using Tributary.Rollup.Batches;
using Tributary.Rollup.Segments;
using Tributary.Rollup.Sequencing;
using Tributary.Rollup.Serving;
using Tributary.Rollup.Swaps.Providing;
using Tributary.Rollup.Wallets;
using Tributary.Rollup.Withdrawals;
using Tributary.Storage.Errors;
using Tributary.Storage.Files;

namespace Tributary.Rollup.Operating;

/// <summary>
/// A rollup that runs: it follows Bitcoin, takes operations, cuts and anchors batches, proves them and keeps the proofs. Everything that it has to
/// know again lies in the sequencer's log, the wallet, the store of proofs and on Bitcoin, so it may be killed at any instruction.
/// <see cref="RollupDesk"/> is what callers see of it.
/// </summary>
public sealed class RollupService : IAsyncDisposable
{
    private const int BlocksAhead = 16;

    private readonly OperatorFolder _folder;
    private readonly IChainSource _chain;
    private readonly RollupServiceOptions _options;
    private readonly IEntropy _entropy;
    private readonly TimeProvider _time;
    private readonly LocalProver? _prover;
    private readonly ProverQueue? _queue;
    private readonly Anchorer _anchorer;
    private readonly PayoutJournal _payouts;
    private readonly WithdrawalPayer _payer;
    private readonly Lock _gate = new();
    private RollupOperator? _operator;
    private readonly LinkedList<(ulong Batch, int Height)> _anchored = [];
    private ulong _settled;
    private long _checkpointAt;
    private int _rewinds;
    private long _lastAnchor;
    private volatile string? _problem;
    private volatile int _actedHeight;

    private RollupService(
        OperatorFolder folder, ProofStore store, PayoutJournal payouts, IChainSource chain, RollupServiceOptions options, IEntropy entropy, TimeProvider time)
    {
        (_folder, Proofs, _payouts, _chain, _options, _entropy, _time) = (folder, store, payouts, chain, options, entropy, time);
        Replica = new(folder.File.FromHeight + 1, folder.Rollup, folder.Parameters.Verifier);
        var paying = new PayerOptions { Depth = options.Operator.Depth, FeerateMax = options.FeerateMax };
        _payer = new WithdrawalPayer(Replica, chain, folder.VaultKey, payouts, entropy, paying);
        _anchorer = new Anchorer(folder.Wallet, chain, folder.OperatorKey, entropy, options.FeerateMax);
        if (options.Proves)
        {
            _prover = new LocalProver(folder.Parameters.Parameters, options.ProverThreads);
            _queue = new ProverQueue(_prover, store, options.ProverQueue, time);
        }
    }

    /// <summary>The proofs.</summary>
    public ProofStore Proofs { get; }

    /// <summary>Offers swaps; null where it offers none.</summary>
    public SwapProvider? Swaps { get; private set; }

    /// <summary>Takes operations; null until the beginning stands on Bitcoin.</summary>
    internal Sequencer? Sequencer { get; private set; }

    /// <summary>What Bitcoin says. To be read under <see cref="Gate"/>.</summary>
    internal RollupReplica Replica { get; }

    /// <summary>Held while the replica changes.</summary>
    internal Lock Gate => _gate;

    internal OperatorFolder Folder => _folder;

    internal RollupServiceOptions Options => _options;

    internal TimeProvider Time => _time;

    internal ProverStatus? Prover => _queue?.Status;

    /// <summary>What stands in the way; null where nothing does.</summary>
    internal int ActedHeight => _actedHeight;

    internal string? Problem => _problem ?? _queue?.Status.Problem ?? _chain.Status.Problem;

    /// <summary>Opens the service of a folder, which it takes over; the chain stays the caller's.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The service owns the store.")]
    public static Result<RollupService, Refusal> Open(OperatorFolder folder, IChainSource chain, RollupServiceOptions options, IEntropy entropy, TimeProvider time)
    {
        if (folder.Rollup is null)
            return new Refusal("--data", "holds a rollup that has not begun: send bitcoin to its wallet and run 'tributary rollup init' again");
        if (!ProofStore.Open(DiskDirectory.Open(Path.Combine(folder.Path, "proofs"))).TryGet(out var store, out var refusal))
            return refusal;
        if (PayoutJournal.Open(DiskDirectory.Open(Path.Combine(folder.Path, "payouts")), folder.Rollup.Value, entropy).TryGet(out var payouts, out refusal))
            return new RollupService(folder, store, payouts, chain, options, entropy, time);
        store.Dispose();
        return refusal;
    }

    /// <summary>Offers swaps with the money of a wallet, which the service takes over. To be called before it runs.</summary>
    public async Task<Refusal?> OfferSwapsAsync(RollupWallet wallet, SwapProviderOptions options)
    {
        if (wallet.Rollup != _folder.Rollup)
            return new Refusal("--swaps", $"{wallet.Folder} holds a wallet of rollup {wallet.Rollup}, and this is {_folder.Rollup}");
        if (!(await SwapProvider.OpenAsync(wallet, () => Replica, new DeskOperator(new RollupDesk(this)), _chain, options, _entropy, _time)).TryGet(out var provider, out var refusal))
            return refusal;
        Swaps = provider;
        return null;
    }

    /// <summary>Opens the sequencer of a folder alone, as a prover by hand does.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="feeMin">The least fee.</param>
    /// <param name="entropy">For a new log's id.</param>
    /// <param name="mustExist">True to refuse a folder without a log.</param>
    public static Result<Sequencer, Refusal> OpenSequencer(OperatorFolder folder, ulong feeMin, IEntropy entropy, bool mustExist)
    {
        var path = Path.Combine(folder.Path, "sequencer");
        if (mustExist && !Directory.Exists(path))
            return new Refusal("--data", $"{folder.Path} holds no operations yet: start it with 'tributary rollup run'");

        // Where on Bitcoin the beginning stands says nothing of what the log leads to.
        var began = new AnchorSeen.Began(folder.File.FromHeight, folder.Genesis, folder.Rollup!.Value, default);
        var options = new SequencerOptions { SegmentSignatures = folder.File.SegmentSignatures, FeeMin = feeMin };
        return Sequencer.Open(DiskDirectory.Open(path), began, options, folder.OperatorKey, entropy);
    }

    /// <summary>Runs until it is cancelled or broken.</summary>
    /// <returns>Null when it was asked to end, or why it had to.</returns>
    public async Task<Refusal?> RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var blocks = Channel.CreateBounded<ChainEvent>(BlocksAhead);
        Task[] running = [_folder.Wallet.RunAsync(stop.Token), ReadAsync(blocks.Writer, stop.Token), StepAsync(blocks.Reader, stop.Token), _queue?.Completion ?? Task.Delay(Timeout.InfiniteTimeSpan, _time, stop.Token), Swaps?.RunAsync(stop.Token) ?? Task.Delay(Timeout.InfiniteTimeSpan, _time, stop.Token)];
        var first = await Task.WhenAny(running);
        await stop.CancelAsync();
        foreach (var task in running.Except(_queue is null ? [] : [_queue.Completion]))
            await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (cancellationToken.IsCancellationRequested)
            return null;
        try
        {
            await first;
            return new Refusal("rollup", "has stopped");
        }
        catch (ChainSourceLostException exception)
        {
            return new Refusal("--bitcoind", exception.Error.Reason);
        }
        catch (Exception exception) when (exception is IOException or StorageStoppedException)
        {
            return new Refusal("rollup", $"has stopped: {exception.Message} Nothing was answered for that is not on disk; mend this and start it again");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_queue is not null)
            await _queue.DisposeAsync();
        _prover?.Dispose();
        if (Swaps is not null)
            await Swaps.DisposeAsync();
        if (Sequencer is not null)
            await Sequencer.DisposeAsync();
        await _payouts.DisposeAsync();
        Proofs.Dispose();
        await _folder.DisposeAsync();
    }

    private async Task ReadAsync(ChannelWriter<ChainEvent> blocks, CancellationToken cancellationToken)
    {
        await foreach (var change in _chain.FollowAsync(_folder.From, cancellationToken))
            await blocks.WriteAsync(change, cancellationToken);
    }

    private async Task StepAsync(ChannelReader<ChainEvent> blocks, CancellationToken cancellationToken)
    {
        var hasMoved = true;
        Task? more = null;
        while (true)
        {
            while (blocks.TryRead(out var change))
            {
                Observe(change);
                hasMoved = true;
            }

            if (Sequencer?.Fatal is { IsCompleted: true } fatal)
                throw await fatal;
            if (_chain.Status.Tip is { } tip && tip.Height == Replica.NextHeight - 1 && _folder.Wallet.Status.IsSynced)
            {
                await ActAsync(hasMoved, cancellationToken);
                hasMoved = false;
                _actedHeight = tip.Height;
            }

            more = more is null or { IsCompleted: true } ? blocks.WaitToReadAsync(cancellationToken).AsTask() : more;
            await Task.WhenAny(more, Task.Delay(_options.Tick, _time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private void Observe(ChainEvent change)
    {
        lock (_gate)
        {
            switch (change)
            {
                case ChainEvent.Connected connected when connected.Height == Replica.NextHeight:
                    Replica.Connect(connected.Height, connected.Block);
                    break;
                case ChainEvent.Disconnected disconnected when disconnected.Height == Replica.NextHeight - 1:
                    Replica.Disconnect(disconnected.Height);
                    break;
            }
        }

        Swaps?.Observe(change);
    }

    private async Task ActAsync(bool hasMoved, CancellationToken cancellationToken)
    {
        var isTime = hasMoved || _time.GetElapsedTime(_lastAnchor) >= _options.AnchorTick;
        if (Replica.Chain.Beginning is null)
        {
            if (isTime)
                await BeginAsync(cancellationToken);
            return;
        }

        if (_operator is null)
        {
            if (!OpenSequencer(_folder, _options.FeeMin, _entropy, mustExist: false).TryGet(out var sequencer, out var refusal))
                throw new IOException(refusal.ToString());
            Sequencer = sequencer;
            _operator = new RollupOperator(sequencer, Replica, _anchorer, _options.Operator, time: _time);
        }

        if (isTime)
            _lastAnchor = _time.GetTimestamp();
        if (Replica.Chain.Anchor is null)
            _problem = "the rollup has ended: its anchor was spent without another";
        else if (CountUnproven() < _options.UnprovenBatchesMax)
            await StepOperatorAsync(isTime, cancellationToken);
        else
            _problem = $"{CountUnproven()} batches wait for their proofs: the open one stays open until the prover has caught up";
        Prove();
        OfferToProver();
        if (isTime && !(await _payer.StepAsync(cancellationToken)).TryGet(out _, out var unpaid))
            _problem ??= unpaid.ToString();
        await SettleAsync(cancellationToken);
        if (Swaps is { IsSynced: true } swaps)
            await swaps.StepAsync(hasMoved, cancellationToken);
    }

    // What lies deep in Bitcoin and is proven is left out of the log. After a restart the blocks are counted anew: that is late, never early.
    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        var anchored = Replica.Batches.LastOrDefault()?.Header.Number ?? 0;
        var tip = Replica.NextHeight - 1;
        while (_anchored.Last is { } last && last.Value.Batch > anchored)
            _anchored.RemoveLast();
        if (anchored > (_anchored.Last?.Value.Batch ?? _settled))
            _anchored.AddLast((anchored, tip));
        for (; _anchored.First is { } first && first.Value.Height + _options.SettledBlocks <= tip; _anchored.RemoveFirst())
            _settled = first.Value.Batch;

        if (Sequencer!.LogSize < Math.Max(_checkpointAt, _options.CheckpointBytes) || Sequencer.Closed is not { Count: > 1 } closed)
            return;
        var unproven = closed.FirstOrDefault(static batch => batch.Segments.Count > 0)?.Header.Number ?? ulong.MaxValue;
        var keep = Math.Min(Math.Min(_settled + 1, unproven), closed[^1].Header.Number);
        if (keep > closed[0].Header.Number && await Sequencer.CheckpointAsync(keep, cancellationToken))
            _checkpointAt = 2 * Sequencer.LogSize;
    }

    // The transaction that begins the rollup may wait for its block for long: it is paid more like any anchor.
    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        _lastAnchor = _time.GetTimestamp();
        var envelope = new Envelope(EnvelopeKind.Genesis, _folder.Genesis.ToBytes(), _folder.Genesis.Operator);
        var posted = await _anchorer.PostAsync(envelope, null, makesAnchor: true, isLate: false, cancellationToken);
        _problem = posted.IsOk ? "the rollup's beginning waits for a block" : posted.Error.ToString();
    }

    private async Task StepOperatorAsync(bool isTime, CancellationToken cancellationToken)
    {
        var refusal = await _operator!.StepAsync(isTime, cancellationToken);
        if (isTime || refusal is not null)
            _problem = refusal?.ToString();
        if (_operator.Rewinds == _rewinds)
            return;
        _rewinds = _operator.Rewinds;
        _queue?.Clear();
    }

    private int CountUnproven() => Sequencer!.Closed.Count(static batch => batch.Segments.Count > 0);

    // What the store has is checked before the proven root moves: the operator believes its own disk no more than others do.
    private void Prove()
    {
        while (Replica.NextToProve is { } segment)
        {
            var claim = segment.Statement(_folder.Genesis.VerificationKey).ComputeDigest();
            if (Proofs.Find(claim) is not { } proof)
                return;
            lock (_gate)
            {
                if (Replica.Prove(proof) is not { } refusal)
                    continue;
                _problem = $"the proof of segment {segment.Number} does not hold ({refusal}): it is made again";
            }

            Proofs.Remove(claim);
            return;
        }
    }

    private void OfferToProver()
    {
        foreach (var batch in Sequencer!.Closed.Where(static batch => batch.Segments.Count > 0))
        {
            if (batch.Segments.All(IsProven))
            {
                if (batch.Header.Number <= (Replica.Batches.LastOrDefault()?.Header.Number ?? 0))
                    Sequencer.Release(batch.Header.Number);
            }
            else if (_queue is not null && !batch.Segments.All(_queue.TryAdd))
            {
                return;
            }
        }
    }

    private bool IsProven(Segment segment) => Proofs.Contains(segment.Statement(_folder.Genesis.VerificationKey).ComputeDigest());
}

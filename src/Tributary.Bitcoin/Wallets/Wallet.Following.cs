using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Transactions;
using Tributary.Bitcoin.Wallets.Records;
using Tributary.Bitcoin.Wallets.State;

namespace Tributary.Bitcoin.Wallets;

/// <content>Following the chain and the mempool.</content>
public sealed partial class Wallet
{
    /// <summary>Blocks without anything for the wallet that may pass before the position is stored: after a crash they are looked through again.</summary>
    private const int BlocksBetweenCommits = 100;

    private static readonly TimeSpan s_retryDelayMax = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_tipPollMin = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_tipPollMax = TimeSpan.FromSeconds(2);

    private CancellationTokenSource? _mempoolReading;
    private CancellationTokenSource? _following;
    private bool _isRunning;
    private string? _problem;
    private int _blocksSinceCommit;

    private bool IsRunning
    {
        get
        {
            lock (_sync)
                return _isRunning;
        }
    }

    /// <summary>
    /// Follows the chain and the mempool and offers unconfirmed transactions to the node until it is cancelled. A source that goes away is
    /// waited for, and <see cref="Status"/> says so.
    /// </summary>
    /// <exception cref="IOException">The store failed; the wallet has to be opened again.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        lock (_sync)
        {
            if (_isRunning)
                throw new InvalidOperationException("The wallet follows the chain already.");
            _isRunning = true;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            Task[] loops = [FollowChainAsync(stop.Token), FollowMempoolAsync(stop.Token), RebroadcastAsync(stop.Token)];
            await Task.WhenAny(loops);

            // One that fails must not leave the others behind.
            await stop.CancelAsync();
            await Task.WhenAll(loops);
        }
        finally
        {
            lock (_sync)
                _isRunning = false;
            await ChangeAsync(static () => { }, CancellationToken.None);
        }
    }

    /// <summary>Waits until the wallet has looked through everything up to the source's tip as of now.</summary>
    /// <returns>Null when it has, or the error of a source that does not answer.</returns>
    public async Task<ChainError?> WaitUntilSyncedAsync(CancellationToken cancellationToken)
    {
        if (!(await _chain.GetTipAsync(cancellationToken)).TryGet(out var tip, out var error))
            return error;
        while (true)
        {
            var changed = NextChange;
            lock (_sync)
            {
                if ((State.Tip == tip || State.Tip.Height > tip.Height) && !State.NeedsRescan)
                    return null;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Looks through blocks again from a height on, in the background: for a seed that was used elsewhere in the meantime. Payments that
    /// are found are added; nothing is forgotten.
    /// </summary>
    public async Task RescanAsync(int fromHeight, CancellationToken cancellationToken)
    {
        while (!await ScanPastAsync(Math.Max(fromHeight, 1), cancellationToken))
            cancellationToken.ThrowIfCancellationRequested();
        Interrupt(ref _mempoolReading);
        _changes.Pulse();
    }

    private async Task FollowChainAsync(CancellationToken cancellationToken)
    {
        var delay = _options.SourceRetryDelay;
        while (true)
        {
            try
            {
                await FollowOnceAsync(cancellationToken);
                delay = _options.SourceRetryDelay;
            }
            catch (ChainSourceLostException exception)
            {
                SetProblem($"is not synced: {exception.Error.Reason}");
                if (exception.Error.Kind == ChainErrorKind.NotFound)
                    await StepBackAsync(cancellationToken);
                await Task.Delay(delay, _time, cancellationToken);
                delay = delay * 2 < s_retryDelayMax ? delay * 2 : s_retryDelayMax;
            }
        }
    }

    /// <summary>Follows until the source is lost, or until past blocks have to be looked through again.</summary>
    private async Task FollowOnceAsync(CancellationToken cancellationToken)
    {
        SetProblem(null);
        using var following = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        lock (_sync)
            _following = following;
        try
        {
            await RescanAtTipAsync(cancellationToken);
            await FollowAsync(following.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Interrupted for a rescan.
        }
        finally
        {
            lock (_sync)
                _following = null;
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        ChainTip from;
        lock (_sync)
            from = State.Tip;
        var reorganised = false;
        await foreach (var step in _chain.FollowAsync(from, cancellationToken))
        {
            await ApplyAsync(step, cancellationToken);
            reorganised |= step is ChainEvent.Disconnected;
            if (!IsAtTip(out var needsRescan))
                continue;
            if (needsRescan)
                return;
            if (reorganised)
            {
                // What was in blocks may have to be offered again.
                await OfferAsync(everything: true, cancellationToken);
                reorganised = false;
            }
        }

        throw new ChainSourceLostException(new ChainError(ChainErrorKind.Unreachable, "The chain source ended its stream."));
    }

    private bool IsAtTip(out bool needsRescan)
    {
        var source = _chain.Status.Tip;
        lock (_sync)
        {
            needsRescan = State.NeedsRescan;
            return State.Tip == source;
        }
    }

    private async Task ApplyAsync(ChainEvent step, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            bool isRelevant;
            lock (_sync)
            {
                isRelevant = step switch
                {
                    ChainEvent.Connected connected => Connect(connected.Height, connected.Block),
                    ChainEvent.Disconnected disconnected => Disconnect(disconnected.Height, disconnected.Block),
                    _ => throw new InvalidOperationException("There is no such step of a chain."),
                };
            }

            // A position that is stored late costs a second look at some blocks and nothing else.
            if (isRelevant || ++_blocksSinceCommit >= BlocksBetweenCommits || IsAtTip(out _))
            {
                _blocksSinceCommit = 0;
                await _journal.CommitAsync();
            }
        }
        finally
        {
            _gate.Release();
        }

        _changes.Pulse();
    }

    private bool Connect(int height, Block block)
    {
        var isRelevant = Look(new ChainTip(height, block.Hash), block);
        _journal.Apply(new WalletRecord.TipAdvanced(new ChainTip(height, block.Hash)));
        return isRelevant;
    }

    private bool Disconnect(int height, Block block)
    {
        var affects = State.Transactions.Values.Any(entry => entry.Block?.Height >= height || entry.Conflict?.Block.Height >= height);
        _journal.Apply(new WalletRecord.TipRetreated(new ChainTip(height - 1, block.Header.PreviousBlock)));
        return affects;
    }

    /// <summary>Finds what concerns the wallet in a block. A payment may bring new addresses into sight, which the same block may pay too.</summary>
    private bool Look(ChainTip place, Block block)
    {
        var isRelevant = false;
        long watched;
        do
        {
            watched = State.Branches.Sum(static branch => (long)branch.Covered);
            for (var i = 0; i < block.Transactions.Length; i++)
                isRelevant |= Look(place, i, block.Transactions[i]);
        }
        while (watched != State.Branches.Sum(static branch => (long)branch.Covered));
        return isRelevant;
    }

    private bool Look(ChainTip place, int position, Transaction transaction)
    {
        var isRelevant = false;
        var isKnown = State.Transactions.TryGetValue(transaction.TxId, out var entry);
        if (!isKnown && State.IsRelevant(transaction))
        {
            AddSeen(transaction);
            isKnown = State.Transactions.TryGetValue(transaction.TxId, out entry);
        }

        if (isKnown && entry!.Block != place)
        {
            _journal.Apply(new WalletRecord.TransactionConfirmed(transaction.TxId, place, position));
            isRelevant = true;
        }

        for (var i = 0; i < transaction.InputCount; i++)
        {
            foreach (var other in State.Spenders(transaction.PreviousOutput(i)))
            {
                if (other.TxId == transaction.TxId || other.IsConfirmed || other.Conflict is not null)
                    continue;
                _journal.Apply(new WalletRecord.TransactionConflicted(other.TxId, transaction.TxId, place));
                isRelevant = true;
            }
        }

        return isRelevant;
    }

    // The copy does not hold on to the block that the transaction came in.
    private void AddSeen(Transaction transaction) =>
        _journal.Apply(new WalletRecord.TransactionAdded(Transaction.Parse(transaction.Memory.Span).Value, Now, IsOwn: false, Fee: null, Replaces: null));

    /// <summary>
    /// Where the wallet is at the tip: looks through past blocks for addresses that came into sight later, until no further ones do.
    /// </summary>
    private async Task RescanAtTipAsync(CancellationToken cancellationToken)
    {
        while (IsAtTip(out var needsRescan) && needsRescan)
        {
            (Accounts.ScriptBranch Branch, uint Covered)[] watched;
            int from;
            lock (_sync)
                (watched, from) = ([.. State.Branches.Select(static branch => (branch, branch.Covered))], State.Start.Height + 1);
            if (!await ScanPastAsync(from, cancellationToken))
                return;
            await ChangeAsync(
                () =>
                {
                    foreach (var (branch, covered) in watched)
                        _journal.Apply(new WalletRecord.CoverageReached(branch.Account, branch.IsChange, (int)covered));
                },
                cancellationToken);
            Interrupt(ref _mempoolReading);
        }
    }

    /// <summary>Looks through blocks up to the wallet's tip; false when the chain moved meanwhile.</summary>
    private async Task<bool> ScanPastAsync(int fromHeight, CancellationToken cancellationToken)
    {
        for (var height = fromHeight; ; height++)
        {
            lock (_sync)
            {
                if (height > State.Tip.Height)
                    return true;
            }

            if (!(await _chain.GetBlockHashAsync(height, cancellationToken)).TryGet(out var hash, out var error)
                || !(await _chain.GetBlockAsync(hash, cancellationToken)).TryGet(out var block, out error))
            {
                if (error.Kind == ChainErrorKind.NotFound)
                    return false;
                throw new ChainSourceLostException(error);
            }

            var isOnChain = false;
            await ChangeAsync(
                () =>
                {
                    // Blocks that the wallet remembers tell whether the chain turned since the block was asked for.
                    isOnChain = !State.RecentBlocks.Exists(known => known.Height == height && known.Hash != hash);
                    if (isOnChain)
                        Look(new ChainTip(height, hash), block);
                },
                cancellationToken);
            if (!isOnChain)
                return false;
        }
    }

    /// <summary>Goes back to the last block that the source has on its chain, when it forgot where the wallet stands.</summary>
    private async Task StepBackAsync(CancellationToken cancellationToken)
    {
        ChainTip[] recent;
        lock (_sync)
            recent = [.. State.RecentBlocks];
        foreach (var block in recent.Reverse())
        {
            if (!(await _chain.GetBlockHashAsync(block.Height, cancellationToken)).TryGet(out var hash, out var error) && error.Kind != ChainErrorKind.NotFound)
                return;
            if (error is not null || hash != block.Hash)
                continue;
            if (block != recent[^1])
                await ChangeAsync(() => _journal.Apply(new WalletRecord.TipRetreated(block)), cancellationToken);
            return;
        }

        var start = new ChainTip(0, Network.GenesisHash);
        await ChangeAsync(() => _journal.Apply(new WalletRecord.TipRetreated(start)), cancellationToken);
    }

    private async Task FollowMempoolAsync(CancellationToken cancellationToken)
    {
        var delay = _options.SourceRetryDelay;
        while (true)
        {
            await ReachTipAsync(cancellationToken);
            using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            lock (_sync)
                _mempoolReading = reading;
            try
            {
                await foreach (var step in _chain.FollowMempoolAsync(reading.Token))
                {
                    await ApplyAsync(step, reading.Token);
                    delay = _options.SourceRetryDelay;
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // More addresses are watched: the mempool is read from its beginning.
                continue;
            }
            catch (ChainSourceLostException)
            {
                // The chain's own stream says what is the matter.
            }
            finally
            {
                lock (_sync)
                    _mempoolReading = null;
            }

            await Task.Delay(delay, _time, cancellationToken);
            delay = delay * 2 < s_retryDelayMax ? delay * 2 : s_retryDelayMax;
        }
    }

    /// <summary>
    /// Waits for the tip: what the mempool holds is recognised once the blocks before it are known. The source's tip moves without notice,
    /// so it is looked at now and then.
    /// </summary>
    private async Task ReachTipAsync(CancellationToken cancellationToken)
    {
        var wait = s_tipPollMin;
        while (true)
        {
            if (IsAtTip(out var needsRescan) && !needsRescan)
                return;
            InterruptForRescan();
            await Task.Delay(wait, _time, cancellationToken);
            wait = wait * 2 < s_tipPollMax ? wait * 2 : s_tipPollMax;
        }
    }

    /// <summary>
    /// A payment to an address that was not handed out here means that further ones may have been paid in past blocks. The chain's stream
    /// would wait for the next block.
    /// </summary>
    private void InterruptForRescan()
    {
        if (IsAtTip(out var needsRescan) && needsRescan)
            Interrupt(ref _following);
    }

    /// <summary>Ends what one loop is at, so that it starts over. Callbacks run elsewhere, not under this lock.</summary>
    private void Interrupt(ref CancellationTokenSource? loop)
    {
        lock (_sync)
            _ = loop?.CancelAsync();
    }

    private async Task ApplyAsync(MempoolEvent step, CancellationToken cancellationToken)
    {
        // Nearly all of the mempool is none of the wallet's business, and must not wait for it.
        lock (_sync)
        {
            var concerns = step switch
            {
                MempoolEvent.Entered entered => State.Transactions.TryGetValue(entered.Transaction.TxId, out var known) ? !known.IsInMempool : State.IsRelevant(entered.Transaction),
                MempoolEvent.Left left => State.Transactions.TryGetValue(left.TxId, out var known) && known.IsInMempool,
                _ => false,
            };
            if (!concerns)
                return;
        }

        await ChangeAsync(
            () =>
            {
                if (step is MempoolEvent.Left left)
                {
                    SetInMempool(left.TxId, isInMempool: false);
                    return;
                }

                var transaction = ((MempoolEvent.Entered)step).Transaction;
                if (!State.Transactions.TryGetValue(transaction.TxId, out var known) || known.IsAbandoned)
                    AddSeen(transaction);
                else if (known.Conflict is null)
                    known.IsInMempool = true;
            },
            cancellationToken);
    }

    private void SetInMempool(TxId id, bool isInMempool)
    {
        if (State.Transactions.TryGetValue(id, out var entry))
            entry.IsInMempool = isInMempool && entry.Conflict is null && !entry.IsAbandoned;
    }

    /// <summary>Offers unconfirmed transactions to the node: all when it starts, afterwards the wallet's own until they are in a block.</summary>
    private async Task RebroadcastAsync(CancellationToken cancellationToken)
    {
        var everything = true;
        while (true)
        {
            everything = !await OfferAsync(everything, cancellationToken);
            await Task.Delay(everything ? _options.SourceRetryDelay : _options.RebroadcastInterval, _time, cancellationToken);
        }
    }

    /// <summary>Parents before children. False when the source did not answer.</summary>
    private async Task<bool> OfferAsync(bool everything, CancellationToken cancellationToken)
    {
        TransactionEntry[] waiting;
        lock (_sync)
        {
            var judgement = new WalletJudgement(State);
            waiting = [.. State.Transactions.Values
                .Where(entry => !entry.IsConfirmed && !judgement.IsDead(entry) && entry.ReplacedBy is null && (everything || entry.IsOwn))
                .OrderBy(static entry => entry.Order)];
        }

        foreach (var entry in waiting)
        {
            if (!(await _chain.BroadcastAsync(entry.Transaction, cancellationToken)).TryGet(out var verdict))
                return false;
            lock (_sync)
            {
                SetInMempool(entry.TxId, verdict.IsAccepted);
                entry.Fee ??= verdict.Fee;
            }

            _changes.Pulse();
        }

        return true;
    }

    private void SetProblem(string? problem)
    {
        lock (_sync)
        {
            if (string.Equals(_problem, problem, StringComparison.Ordinal))
                return;
            _problem = problem;
        }

        _changes.Pulse();
    }
}

using System.Runtime.CompilerServices;
using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;

namespace Tributary.Rollup.Tests.Operating;

/// <summary>
/// A node that forgets what a test wants it to forget: blocks and a mempool in memory, every script run and every fee weighed, and reorganisations after which
/// a transaction is in the mempool again, or nowhere.
/// </summary>
internal sealed class ForgetfulBitcoin : IChainSource
{
    private static readonly FeeratePerKvB s_increment = new(1_000);
    private readonly Lock _gate = new();
    private readonly List<Block> _active = [];
    private readonly Dictionary<BlockHash, (Block Block, int Height)> _known = [];
    private readonly List<Transaction> _mempool = [];
    private readonly Dictionary<OutPoint, UnspentOutput> _coins = [];

    // Everything that entered the mempool, and left it other than by a block.
    private readonly List<MempoolEvent> _changes = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private uint _made;

    public BitcoinNetwork Network => BitcoinNetwork.Regtest;

    public ChainStatus Status
    {
        get
        {
            lock (_gate)
                return new ChainStatus(IsSynced: true, Tip, null);
        }
    }

    /// <summary>What the node says that a block asks for.</summary>
    public FeeratePerKvB Estimate { get; set; } = new(2_000);

    /// <summary>What the mempool asks for.</summary>
    public FeeratePerKvB Minimum { get; set; } = new(1_000);

    /// <summary>What waits, in the order in which it came.</summary>
    public IReadOnlyList<Transaction> Mempool
    {
        get
        {
            lock (_gate)
                return [.. _mempool];
        }
    }

    /// <summary>What was handed in since the test has emptied this, whatever the verdict.</summary>
    public List<TxId> HandedIn { get; } = [];

    /// <summary>The blocks from height 1 on.</summary>
    public IReadOnlyList<Block> Blocks
    {
        get
        {
            lock (_gate)
                return [.. _active];
        }
    }

    private ChainTip Tip => _active.Count == 0 ? new ChainTip(0, Network.GenesisHash) : new ChainTip(_active.Count, _active[^1].Hash);

    /// <summary>Mines what waits.</summary>
    public void Mine(Script payTo, int count = 1)
    {
        for (var i = 0; i < count; i++)
            Mine(payTo, Mempool);
    }

    /// <summary>Mines a block of these, known to the mempool or not; what they conflict with is gone.</summary>
    public void Mine(Script payTo, IReadOnlyList<Transaction> transactions)
    {
        lock (_gate)
        {
            var coinbase = Transaction.Create(2, [new TxIn(OutPoint.Null, new ScriptBuilder().PushNumber(_active.Count + 1).PushNumber(++_made).Build(), TxIn.Final, Witness.Empty)], [new TxOut(new Satoshis(Satoshis.PerBitcoin), payTo)]);
            Transaction[] all = [coinbase, .. transactions];
            var root = MerkleTree.Root([.. all.Select(static one => one.TxId.Value)]);
            var block = Block.Create(new BlockHeader(4, Tip.Hash, root, 1_700_000_000 + _made, 0x207fffff, 0), all);
            _active.Add(block);
            _known[block.Hash] = (block, _active.Count);
            Connect(block, _active.Count);
            _ = _mempool.RemoveAll(waiting => transactions.Any(mined => mined.TxId == waiting.TxId));
            RemoveOrphans();
        }

        Pulse();
    }

    /// <summary>Takes blocks back and puts empty ones in their place, one more; what they held waits again where the test says so, and is gone otherwise.</summary>
    public void Reorganise(int depth, Script payTo, Func<Transaction, bool> stays)
    {
        lock (_gate)
        {
            var back = _active.TakeLast(depth).SelectMany(static block => block.Transactions.Skip(1)).Where(stays).ToList();
            _active.RemoveRange(_active.Count - depth, depth);
            _coins.Clear();
            for (var i = 0; i < _active.Count; i++)
                Connect(_active[i], i + 1);
            _mempool.InsertRange(0, back);
            _changes.AddRange(back.Select(static one => new MempoolEvent.Entered(one)));
            RemoveOrphans();
            for (var i = 0; i <= depth; i++)
                Mine(payTo, []);
        }

        Pulse();
    }

    /// <summary>Puts a transaction out of the mempool, with what spends it.</summary>
    public void Forget(TxId id)
    {
        lock (_gate)
        {
            Leave(one => one.TxId == id);
            RemoveOrphans();
        }

        Pulse();
    }

    public ValueTask<Result<ChainTip, ChainError>> GetTipAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
            return new(Tip);
    }

    public ValueTask<Result<BlockHash, ChainError>> GetBlockHashAsync(int height, CancellationToken cancellationToken)
    {
        lock (_gate)
            return new(height == 0 ? Network.GenesisHash : height <= _active.Count ? _active[height - 1].Hash : Missing($"block at height {height}"));
    }

    public ValueTask<Result<Block, ChainError>> GetBlockAsync(BlockHash hash, CancellationToken cancellationToken)
    {
        lock (_gate)
            return new(_known.TryGetValue(hash, out var known) ? known.Block : Missing($"block {hash}"));
    }

    public async IAsyncEnumerable<ChainEvent> FollowAsync(ChainTip? from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var at = from ?? new ChainTip(0, Network.GenesisHash);
        while (true)
        {
            var changed = Volatile.Read(ref _changed).Task;
            ChainEvent? next = null;
            lock (_gate)
            {
                if (at.Height > _active.Count || (at.Height > 0 && _active[at.Height - 1].Hash != at.Hash))
                {
                    var gone = _known[at.Hash].Block;
                    next = new ChainEvent.Disconnected(at.Height, gone);
                    at = new ChainTip(at.Height - 1, gone.Header.PreviousBlock);
                }
                else if (at.Height < _active.Count)
                {
                    next = new ChainEvent.Connected(at.Height + 1, _active[at.Height]);
                    at = new ChainTip(at.Height + 1, _active[at.Height].Hash);
                }
            }

            if (next is not null)
                yield return next;
            else
                await changed.WaitAsync(cancellationToken);
        }
    }

    public async IAsyncEnumerable<MempoolEvent> FollowMempoolAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<MempoolEvent> events;
        int next;
        lock (_gate)
            (events, next) = ([.. _mempool.Select(static one => new MempoolEvent.Entered(one))], _changes.Count);
        while (true)
        {
            foreach (var one in events)
                yield return one;
            var changed = Volatile.Read(ref _changed).Task;
            lock (_gate)
            {
                events = [.. _changes.Skip(next)];
                next = _changes.Count;
            }

            if (events.Count == 0)
                await changed.WaitAsync(cancellationToken);
        }
    }

    public ValueTask<Result<MempoolVerdict, ChainError>> TestAcceptAsync(Transaction transaction, CancellationToken cancellationToken)
    {
        lock (_gate)
            return new(Judge(transaction, out _));
    }

    public ValueTask<Result<MempoolVerdict, ChainError>> BroadcastAsync(Transaction transaction, CancellationToken cancellationToken)
    {
        MempoolVerdict verdict;
        lock (_gate)
        {
            HandedIn.Add(transaction.TxId);
            if (IsMined(transaction.TxId) || _mempool.Exists(one => one.TxId == transaction.TxId))
                return new(new MempoolVerdict(transaction.TxId, IsAccepted: true, null, null));
            verdict = Judge(transaction, out var replaced);
            if (verdict.IsAccepted)
            {
                Leave(replaced.Contains);
                RemoveOrphans();
                _mempool.Add(transaction);
                _changes.Add(new MempoolEvent.Entered(transaction));
            }
        }

        Pulse();
        return new(verdict);
    }

    /// <summary>Each by itself: a node whose floor for relay is what stands in the way takes no parent below it in any company.</summary>
    public async ValueTask<Result<PackageVerdict, ChainError>> BroadcastPackageAsync(IReadOnlyList<Transaction> package, CancellationToken cancellationToken)
    {
        var verdicts = new List<MempoolVerdict>();
        foreach (var transaction in package)
            verdicts.Add((await BroadcastAsync(transaction, cancellationToken)).Value);
        return new PackageVerdict(verdicts.TrueForAll(static one => one.IsAccepted), "each by itself", verdicts);
    }

    public ValueTask<Result<FeeratePerKvB, ChainError>> EstimateFeeAsync(int targetBlocks, CancellationToken cancellationToken) => new(Estimate > Minimum ? Estimate : Minimum);

    public ValueTask<Result<FeeratePerKvB, ChainError>> GetMempoolMinimumAsync(CancellationToken cancellationToken) => new(Minimum);

    public ValueTask<Result<UnspentOutput, ChainError>> GetUnspentAsync(OutPoint outPoint, CancellationToken cancellationToken)
    {
        lock (_gate)
            return new(_coins.TryGetValue(outPoint, out var coin) && !_mempool.Exists(one => Spends(one, outPoint)) ? coin : Missing($"unspent output {outPoint}"));
    }

    public ValueTask<Result<Outspend, ChainError>> GetOutspendAsync(OutPoint outPoint, int? createdAtHeight, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var spender = _mempool.Concat(_active.SelectMany(static block => block.Transactions)).FirstOrDefault(one => Spends(one, outPoint));
            return new(new Outspend(spender, spender is null ? -1 : spender.Inputs.Index().First(one => one.Item.PreviousOutput == outPoint).Index, null));
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static ChainError Missing(string what) => new(ChainErrorKind.NotFound, $"There is no {what}.");

    private static bool Spends(Transaction transaction, OutPoint outPoint) => transaction.Inputs.Any(input => input.PreviousOutput == outPoint);

    private bool IsMined(TxId id) => _active.Exists(block => block.Transactions.Any(one => one.TxId == id));

    private TxOut? Find(OutPoint outPoint) =>
        _coins.TryGetValue(outPoint, out var coin) ? coin.Output
        : _mempool.Find(one => one.TxId == outPoint.TxId) is { } parent && outPoint.Index < parent.OutputCount ? parent.Output((int)outPoint.Index)
        : null;

    private MempoolVerdict Judge(Transaction transaction, out List<Transaction> replaced)
    {
        replaced = [];
        MempoolVerdict Refused(string why) => new(transaction.TxId, IsAccepted: false, why, null);
        var spent = new List<TxOut>();
        foreach (var input in transaction.Inputs)
        {
            if (Find(input.PreviousOutput) is not { } output)
                return Refused("missing-inputs");
            spent.Add(output);
        }

        if (TransactionVerifier.VerifyAll(transaction, spent.ToArray(), ScriptFlags.Standard, out _) != ScriptError.Ok)
            return Refused("mandatory-script-verify-flag-failed");
        var fee = spent.Aggregate(Satoshis.Zero, static (sum, one) => sum + one.Value) - transaction.Outputs.Aggregate(Satoshis.Zero, static (sum, one) => sum + one.Value);
        if (FeeratePerKvB.Of(fee, transaction.VirtualSize) < Minimum)
            return Refused("mempool min fee not met");
        foreach (var other in _mempool.Where(other => transaction.Inputs.Any(input => Spends(other, input.PreviousOutput))))
        {
            // BIP 125, rules 4 and 6; the fees of what spends it in turn are left out.
            var paid = Paid(other);
            if (FeeratePerKvB.Of(fee, transaction.VirtualSize) <= FeeratePerKvB.Of(paid, other.VirtualSize) || fee < paid + s_increment.FeeFor(transaction.VirtualSize))
                return Refused("insufficient fee");
            replaced.Add(other);
        }

        return new MempoolVerdict(transaction.TxId, IsAccepted: true, null, fee);
    }

    /// <summary>What a transaction that waits pays.</summary>
    public Satoshis FeeOf(Transaction waiting)
    {
        lock (_gate)
            return Paid(waiting);
    }

    private Satoshis Paid(Transaction waiting) =>
        waiting.Inputs.Aggregate(Satoshis.Zero, (sum, input) => sum + Find(input.PreviousOutput)!.Value.Value) - waiting.Outputs.Aggregate(Satoshis.Zero, static (sum, one) => sum + one.Value);

    private void Connect(Block block, int height)
    {
        foreach (var transaction in block.Transactions)
        {
            foreach (var input in transaction.Inputs)
                _ = _coins.Remove(input.PreviousOutput);
            for (var i = 0; i < transaction.OutputCount; i++)
                _coins[transaction.OutPointOf(i)] = new UnspentOutput(transaction.OutPointOf(i), transaction.Output(i), height, transaction.IsCoinbase);
        }
    }

    // What spends something that is nowhere any more can't wait.
    private void RemoveOrphans()
    {
        while (Leave(one => one.Inputs.Any(input => Find(input.PreviousOutput) is null)) > 0)
        {
        }
    }

    private int Leave(Predicate<Transaction> which)
    {
        _changes.AddRange(_mempool.FindAll(which).Select(static one => new MempoolEvent.Left(one.TxId)));
        return _mempool.RemoveAll(which);
    }

    private void Pulse() => Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}

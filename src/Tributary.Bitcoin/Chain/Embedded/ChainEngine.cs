using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Chain.Embedded.Pool;
using Tributary.Bitcoin.Chain.Embedded.Store;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;
using Tributary.Storage.Files;

namespace Tributary.Bitcoin.Chain.Embedded;

/// <summary>
/// The embedded chain without threads and clocks: tree, mempool and log. A command changes memory and appends to the log; nothing of it may
/// be shown before <see cref="CommitAsync"/>. One thread at a time.
/// </summary>
internal sealed class ChainEngine : IAsyncDisposable
{
    private readonly ChainLog _log;
    private readonly MempoolAcceptance _acceptance;
    private readonly PackageAcceptance _packages;
    private readonly MempoolUpkeep _upkeep;

    private ChainEngine(ChainLog log)
    {
        _log = log;
        Tree = new BlockTree(log);
        _acceptance = new MempoolAcceptance(Tree, Pool);
        _packages = new PackageAcceptance(Tree, Pool, _acceptance);
        _upkeep = new MempoolUpkeep(Tree, Pool, _acceptance);
    }

    internal BlockTree Tree { get; }

    internal Mempool Pool { get; } = new();

    /// <summary>Bytes that the next commit writes.</summary>
    internal int PendingBytes => _log.PendingBytes;

    /// <summary>Opens a chain; the engine owns the folder from here on.</summary>
    internal static Result<ChainEngine, Refusal> Open(IStorageDirectory directory, IEntropy entropy)
    {
        var log = new ChainLog(directory, RegtestRules.Genesis.Hash, entropy);
        var engine = new ChainEngine(log);
        var replay = new ChainReplay(engine.Tree, log);
        if (log.Open(replay.Handle) is { } refusal)
            return refusal;

        engine._upkeep.Restore(replay.Waiting);
        engine.Pool.Changes.TakeUnsaved();
        return engine;
    }

    /// <summary>Makes every command so far durable.</summary>
    /// <exception cref="IOException">The disk refuses; memory is ahead of it, and the engine may not be used any more.</exception>
    internal ValueTask CommitAsync() => _log.CommitAsync();

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    internal MempoolVerdict Test(Transaction transaction, long now)
    {
        var rejection = _acceptance.Test(transaction, AdmissionContext.Alone, now, out var candidate);
        return new MempoolVerdict(transaction.TxId, rejection is null, rejection?.ToTestReason(), rejection is null ? candidate.Fee : null);
    }

    internal MempoolVerdict Broadcast(Transaction transaction, long now)
    {
        if (IsConfirmed(transaction))
            return new MempoolVerdict(transaction.TxId, IsAccepted: true, null, null);
        if (Pool.TryGet(transaction.TxId, out var present))
            return new MempoolVerdict(transaction.TxId, IsAccepted: true, null, present.Fee);
        var rejection = _acceptance.Submit(transaction, AdmissionContext.Alone, now, out var candidate);
        Save();
        return new MempoolVerdict(transaction.TxId, rejection is null, rejection?.ToTestReason(), rejection is null ? candidate.Fee : null);
    }

    internal PackageVerdict BroadcastPackage(IReadOnlyList<Transaction> package, long now)
    {
        var verdict = _packages.Submit(package, now);
        Save();
        return verdict;
    }

    /// <summary>Mines on the tip what the mempool pays best for.</summary>
    internal Block Mine(Script payTo, long now)
    {
        var selected = new BlockSelection(Pool.Entries).TakeBlock(out _);
        return Mine(Tree.Tip, selected, payTo, now);
    }

    /// <summary>Mines an empty block on any block.</summary>
    internal Block MineOn(BlockNode parent, Script payTo, long now) => Mine(parent, [], payTo, now);

    internal BlockVerdict Submit(Block block, long now)
    {
        var move = new ChainMove();
        var reason = Tree.Accept(block, now, move);
        Follow(move, now);
        return new BlockVerdict(reason is null, reason);
    }

    internal void Invalidate(BlockNode node, long now)
    {
        var move = new ChainMove();
        Tree.Invalidate(node, move);
        Follow(move, now);
    }

    internal void Reconsider(BlockNode node, long now)
    {
        var move = new ChainMove();
        Tree.Reconsider(node, move);
        Follow(move, now);
    }

    internal FeeratePerKvB MinimumFeerate(long now) => _acceptance.MinimumAt(now);

    /// <summary>The feerate that beats enough of what waits to be in one of the next blocks.</summary>
    internal FeeratePerKvB EstimateFeerate(int targetBlocks, long now)
    {
        var minimum = MinimumFeerate(now);
        var selection = new BlockSelection(Pool.Entries);
        FeeratePerKvB? last = null;
        for (var i = 0; i < targetBlocks && selection.HasMore; i++)
        {
            if (selection.TakeBlock(out last).Count == 0)
                return minimum;
        }

        // Everything that waits fits: the least that is relayed is enough.
        if (!selection.HasMore || last is not { } lowest)
            return minimum;
        var beaten = new FeeratePerKvB(Math.Min(int.MaxValue, lowest.Value + 1));
        return beaten > minimum ? beaten : minimum;
    }

    internal UnspentOutput? FindUnspent(OutPoint outPoint)
    {
        if (Pool.SpenderOf(outPoint) is not null)
            return null;
        if (Tree.Coins.TryGet(outPoint, out var coin))
            return new UnspentOutput(outPoint, coin.Output, coin.Height, coin.IsCoinbase);
        return Pool.TryGetOutput(outPoint, out var output) && !output.ScriptPubKey.IsUnspendable ? new UnspentOutput(outPoint, output, null, IsCoinbase: false) : null;
    }

    internal Outspend? FindOutspend(OutPoint outPoint)
    {
        if (Pool.SpenderOf(outPoint) is { } entry)
            return new Outspend(entry.Transaction, InputThatSpends(entry.Transaction, outPoint), null);
        if (Tree.Coins.TryGetSpend(outPoint, out var spend))
            return new Outspend(Tree.Read(spend.Block).Transactions[spend.Transaction], spend.Input, spend.Block.Height);
        return Tree.Coins.IsConfirmed(outPoint) || Pool.TryGetOutput(outPoint, out _) ? new Outspend(null, -1, null) : null;
    }

    private static int InputThatSpends(Transaction transaction, OutPoint outPoint)
    {
        var input = 0;
        while (transaction.PreviousOutput(input) != outPoint)
            input++;
        return input;
    }

    private bool IsConfirmed(Transaction transaction)
    {
        for (var i = 0; i < transaction.OutputCount; i++)
        {
            if (Tree.Coins.IsConfirmed(transaction.OutPointOf(i)))
                return true;
        }

        return false;
    }

    private Block Mine(BlockNode parent, List<PoolEntry> transactions, Script payTo, long now)
    {
        var block = BlockMaker.Make(parent, transactions, payTo, Tree.Count, now);
        var verdict = Submit(block, now);
        if (verdict.Reason is not (null or "inconclusive"))
            throw new InvalidOperationException($"A block of our own is refused: {verdict.Reason}.");
        return block;
    }

    private void Follow(ChainMove move, long now)
    {
        if (!move.IsEmpty)
            _upkeep.Follow(move, now);
        Save();
    }

    private void Save()
    {
        foreach (var change in Pool.Changes.TakeUnsaved())
            ChainReplay.Write(_log, change, Pool);
    }
}

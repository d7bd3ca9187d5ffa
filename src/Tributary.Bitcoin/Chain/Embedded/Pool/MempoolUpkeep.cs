using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Policy;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;

namespace Tributary.Bitcoin.Chain.Embedded.Pool;

/// <summary>Keeps the mempool in step with the chain: what blocks confirm or contradict goes, what disconnected blocks held comes back.</summary>
internal sealed class MempoolUpkeep(BlockTree tree, Mempool pool, MempoolAcceptance acceptance)
{
    /// <summary>After the active chain moved.</summary>
    internal void Follow(ChainMove move, long now)
    {
        var confirmed = new HashSet<TxId>();
        foreach (var block in move.Connected)
        {
            foreach (var transaction in block.Transactions)
            {
                confirmed.Add(transaction.TxId);
                Confirm(transaction);
            }

            acceptance.BlockCame(now);
        }

        if (move.Disconnected.Count == 0)
            return;
        foreach (var block in Enumerable.Reverse(move.Disconnected))
            TakeBack(block, confirmed, now);
        RemoveWhatCanNoLongerBe();
        acceptance.Trim(now);
    }

    /// <summary>
    /// After the log was replayed: puts transactions back that were in the mempool, without judging again what was judged then. One whose
    /// inputs are not there is left out.
    /// </summary>
    internal void Restore(IEnumerable<(Transaction Transaction, long EnteredAt)> transactions)
    {
        // One that came back from a block entered after its children: go round until nothing fits any more.
        var waiting = transactions.ToList();
        for (var left = int.MaxValue; waiting.Count < left;)
        {
            left = waiting.Count;
            waiting.RemoveAll(one => TryRestore(one.Transaction, one.EnteredAt));
        }
    }

    private bool TryRestore(Transaction transaction, long enteredAt)
    {
        var spent = new SpentOutput[transaction.InputCount];
        for (var i = 0; i < spent.Length; i++)
        {
            var outPoint = transaction.PreviousOutput(i);
            if (pool.SpenderOf(outPoint) is not null)
                return false;
            if (pool.TryGetOutput(outPoint, out var output))
                spent[i] = new SpentOutput(output, tree.Tip.Height + 1, IsCoinbase: false);
            else if (!tree.Coins.TryGet(outPoint, out spent[i]))
                return false;
        }

        if (TransactionChecks.CheckAmounts(transaction, spent, tree.Tip.Height + 1, out var fee) is not null)
            return false;
        var sigOpCost = SigOpCost.Of(transaction, spent);
        pool.Add(new PoolEntry(transaction, fee, VirtualSize.Of(transaction, sigOpCost, MempoolLimits.Policy.BytesPerSigOp), sigOpCost, enteredAt));
        return true;
    }

    private void Confirm(Transaction transaction)
    {
        if (pool.TryGet(transaction.TxId, out var entry))
        {
            pool.RemoveConfirmed(entry);
            return;
        }

        for (var i = 0; i < transaction.InputCount; i++)
        {
            if (pool.SpenderOf(transaction.PreviousOutput(i)) is { } conflict)
                pool.RemoveWithDescendants(conflict);
        }
    }

    private void TakeBack(Block block, HashSet<TxId> confirmed, long now)
    {
        foreach (var transaction in block.Transactions)
        {
            if (confirmed.Contains(transaction.TxId))
                continue;
            if (!transaction.IsCoinbase && acceptance.Submit(transaction, AdmissionContext.FromBlock, now, out _) is null)
                continue;

            // It does not come back, so nothing can spend it.
            for (var i = 0; i < transaction.OutputCount; i++)
            {
                if (pool.SpenderOf(transaction.OutPointOf(i)) is { } orphan)
                    pool.RemoveWithDescendants(orphan);
            }
        }
    }

    /// <summary>A shorter chain makes lock times and coinbases immature again.</summary>
    private void RemoveWhatCanNoLongerBe()
    {
        var height = tree.Tip.Height + 1;
        var time = tree.Tip.MedianTimePast;
        foreach (var entry in pool.Entries.ToList())
        {
            if (pool.Contains(entry.TxId) && !CanBeInBlock(entry.Transaction, height, time))
                pool.RemoveWithDescendants(entry);
        }
    }

    private bool CanBeInBlock(Transaction transaction, int height, uint time)
    {
        var spent = new SpentOutput[transaction.InputCount];
        for (var i = 0; i < spent.Length; i++)
        {
            var outPoint = transaction.PreviousOutput(i);
            if (tree.Coins.TryGet(outPoint, out spent[i]))
                continue;
            if (!pool.TryGetOutput(outPoint, out var output))
                return false;
            spent[i] = new SpentOutput(output, height, IsCoinbase: false, time);
        }

        return LockTimes.IsFinal(transaction, height, time)
            && LockTimes.AreRelativeLocksOver(transaction, spent, height, time)
            && TransactionChecks.CheckAmounts(transaction, spent, height, out _) is null;
    }
}

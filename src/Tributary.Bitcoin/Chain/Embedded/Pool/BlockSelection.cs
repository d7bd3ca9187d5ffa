using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Chain.Embedded.Pool;

/// <summary>
/// What a miner puts into blocks: again and again the transaction that pays most per byte together with those it still depends on, so that a
/// child can pay for its parent.
/// </summary>
internal sealed class BlockSelection
{
    /// <summary>Room for the header and the coinbase, in weight and in sigop cost.</summary>
    private const int ReservedWeight = 8_000;
    private const int ReservedSigOpCost = 400;

    /// <summary>What pays less stays out (Bitcoin Core's <c>blockmintxfee</c>).</summary>
    private static readonly FeeratePerKvB s_feerateMin = new(1);

    /// <summary>A full block ends the search after so many that did not fit.</summary>
    private const int MissesMax = 1000;

    private readonly HashSet<PoolEntry> _taken = [];
    private readonly Dictionary<PoolEntry, Package> _waiting = [];
    private readonly SortedSet<Package> _queue = new(Comparer<Package>.Create(Compare));

    internal BlockSelection(IEnumerable<PoolEntry> entries)
    {
        foreach (var entry in entries)
            Enqueue(entry);
    }

    /// <summary>True while transactions wait.</summary>
    internal bool HasMore => _queue.Count > 0;

    /// <summary>The next block's transactions, parents before children; what is taken waits no longer.</summary>
    /// <param name="feerateMin">The lowest feerate at which a package was taken; null for an empty block.</param>
    internal List<PoolEntry> TakeBlock(out FeeratePerKvB? feerateMin)
    {
        feerateMin = null;
        var block = new List<PoolEntry>();
        var tooLarge = new List<Package>();
        long weight = ReservedWeight;
        long sigOpCost = ReservedSigOpCost;
        while (_queue.Min is { } best && tooLarge.Count < MissesMax && best.Fee >= s_feerateMin.FeeFor(best.VirtualSize))
        {
            if (weight + best.Weight > TransactionChecks.BlockWeightMax || sigOpCost + best.SigOpCost > BlockChecks.SigOpCostMax)
            {
                _queue.Remove(best);
                tooLarge.Add(best);
                continue;
            }

            weight += best.Weight;
            sigOpCost += best.SigOpCost;
            feerateMin = FeeratePerKvB.Of(best.Fee, best.VirtualSize);
            Take(best, block);
        }

        foreach (var package in tooLarge.Where(package => _waiting.GetValueOrDefault(package.Entry) == package))
            _queue.Add(package);
        return block;
    }

    private static int Compare(Package? left, Package? right)
    {
        var byFeerate = ((Int128)right!.Fee.Value * left!.VirtualSize).CompareTo((Int128)left.Fee.Value * right.VirtualSize);
        return byFeerate != 0 ? byFeerate : left.Entry.TxId.CompareTo(right.Entry.TxId);
    }

    private void Take(Package package, List<PoolEntry> block)
    {
        // Fewer ancestors first puts parents before children.
        var members = package.Missing.OrderBy(static entry => entry.Ancestors().Count).ThenBy(static entry => entry.TxId).Append(package.Entry).ToList();
        foreach (var member in members)
        {
            _taken.Add(member);
            block.Add(member);
            if (_waiting.Remove(member, out var own))
                _queue.Remove(own);
        }

        foreach (var descendant in PoolEntry.Closure(members, static entry => entry.Children))
        {
            if (!_waiting.Remove(descendant, out var old))
                continue;
            _queue.Remove(old);
            Enqueue(descendant);
        }
    }

    private void Enqueue(PoolEntry entry)
    {
        var missing = entry.Ancestors();
        missing.ExceptWith(_taken);
        var all = missing.Append(entry).ToList();
        var package = new Package(
            entry,
            missing,
            all.Aggregate(Satoshis.Zero, static (sum, one) => sum + one.Fee),
            all.Sum(static one => (long)one.VirtualSize),
            all.Sum(static one => (long)one.Transaction.Weight),
            all.Sum(static one => (long)one.SigOpCost));
        _waiting[entry] = package;
        _queue.Add(package);
    }

    /// <summary>A transaction and those of its ancestors that are in no block yet.</summary>
    private sealed record Package(PoolEntry Entry, HashSet<PoolEntry> Missing, Satoshis Fee, long VirtualSize, long Weight, long SigOpCost);
}

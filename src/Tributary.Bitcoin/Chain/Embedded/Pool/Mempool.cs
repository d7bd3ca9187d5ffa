using System.Diagnostics.CodeAnalysis;
using Tributary.Bitcoin.Transactions;

namespace Tributary.Bitcoin.Chain.Embedded.Pool;

/// <summary>
/// Transactions that wait for a block: a graph by spends, without two that spend the same output. What may enter is
/// <see cref="MempoolAcceptance"/>'s to say. One thread at a time.
/// </summary>
internal sealed class Mempool
{
    private readonly Dictionary<TxId, PoolEntry> _entries = [];
    private readonly Dictionary<OutPoint, PoolEntry> _spenders = [];

    /// <summary>Every change, in order.</summary>
    internal PoolChanges Changes { get; } = new();

    internal IReadOnlyCollection<PoolEntry> Entries => _entries.Values;

    /// <summary>Virtual bytes of all entries.</summary>
    internal long VirtualSize { get; private set; }

    internal bool TryGet(TxId id, [NotNullWhen(true)] out PoolEntry? entry) => _entries.TryGetValue(id, out entry);

    internal bool Contains(TxId id) => _entries.ContainsKey(id);

    /// <summary>The entry that spends an output, if any.</summary>
    internal PoolEntry? SpenderOf(OutPoint outPoint) => _spenders.GetValueOrDefault(outPoint);

    /// <summary>An output of a transaction in the mempool, spent there or not.</summary>
    internal bool TryGetOutput(OutPoint outPoint, out TxOut output)
    {
        if (_entries.TryGetValue(outPoint.TxId, out var entry) && outPoint.Index < entry.Transaction.OutputCount)
        {
            output = entry.Transaction.Output((int)outPoint.Index);
            return true;
        }

        output = default;
        return false;
    }

    /// <summary>The entries whose outputs a transaction spends.</summary>
    internal HashSet<PoolEntry> ParentsOf(Transaction transaction)
    {
        var parents = new HashSet<PoolEntry>();
        for (var i = 0; i < transaction.InputCount; i++)
        {
            if (_entries.TryGetValue(transaction.PreviousOutput(i).TxId, out var parent))
                parents.Add(parent);
        }

        return parents;
    }

    /// <summary>Adds an entry that conflicts with nothing, and ties it to those it spends and those that spend it.</summary>
    internal void Add(PoolEntry entry)
    {
        var transaction = entry.Transaction;
        _entries.Add(entry.TxId, entry);
        for (var i = 0; i < transaction.InputCount; i++)
            _spenders.Add(transaction.PreviousOutput(i), entry);
        foreach (var parent in ParentsOf(transaction))
        {
            entry.Parents.Add(parent);
            parent.Children.Add(entry);
        }

        // What comes back from a disconnected block may have children here already.
        for (var i = 0; i < transaction.OutputCount; i++)
        {
            if (SpenderOf(transaction.OutPointOf(i)) is not { } child)
                continue;
            entry.Children.Add(child);
            child.Parents.Add(entry);
        }

        VirtualSize += entry.VirtualSize;
        Changes.Add(new PoolChange(PoolChangeKind.Entered, transaction));
    }

    /// <summary>Removes an entry that a block confirmed; what depends on it stays.</summary>
    internal void RemoveConfirmed(PoolEntry entry) => Remove(entry, PoolChangeKind.Confirmed);

    /// <summary>Removes an entry and everything that depends on it; returns what was removed.</summary>
    internal IReadOnlyCollection<PoolEntry> RemoveWithDescendants(PoolEntry entry)
    {
        var all = entry.Descendants();
        all.Add(entry);
        foreach (var one in all)
            Remove(one, PoolChangeKind.Left);
        return all;
    }

    /// <summary>Removes entries of which none has a child outside of them.</summary>
    internal void Remove(IEnumerable<PoolEntry> entries)
    {
        foreach (var entry in entries)
            Remove(entry, PoolChangeKind.Left);
    }

    private void Remove(PoolEntry entry, PoolChangeKind kind)
    {
        _entries.Remove(entry.TxId);
        for (var i = 0; i < entry.Transaction.InputCount; i++)
            _spenders.Remove(entry.Transaction.PreviousOutput(i));
        foreach (var parent in entry.Parents)
            parent.Children.Remove(entry);
        foreach (var child in entry.Children)
            child.Parents.Remove(entry);
        VirtualSize -= entry.VirtualSize;
        Changes.Add(new PoolChange(kind, entry.Transaction));
    }
}

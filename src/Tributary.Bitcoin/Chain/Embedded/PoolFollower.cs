using Tributary.Bitcoin.Chain.Embedded.Pool;
using Tributary.Bitcoin.Transactions;

namespace Tributary.Bitcoin.Chain.Embedded;

/// <summary>One reader of the mempool's changes: what it was told, and up to where.</summary>
internal sealed class PoolFollower
{
    private readonly Dictionary<TxId, int> _told = [];
    private long _next = -1;

    /// <summary>The events since the last call; the first call tells of all that is there.</summary>
    internal MempoolEvent[] Next(ChainEngine engine)
    {
        var changes = _next < 0 ? null : engine.Pool.Changes.Since(_next);
        _next = engine.Pool.Changes.Next;
        return [.. (changes is null ? Compare(engine) : changes.Select(Tell)).OfType<MempoolEvent>()];
    }

    private MempoolEvent? Tell(PoolChange change)
    {
        var id = change.Transaction.TxId;
        switch (change.Kind)
        {
            case PoolChangeKind.Entered:
                _told[id] = change.Transaction.OutputCount;
                return new MempoolEvent.Entered(change.Transaction);
            case PoolChangeKind.Left when _told.Remove(id):
                return new MempoolEvent.Left(id);
            default:
                _told.Remove(id);
                return null;
        }
    }

    /// <summary>After too many changes to keep: what is there and was not told, and what was told and is neither there nor in a block.</summary>
    private List<MempoolEvent?> Compare(ChainEngine engine)
    {
        var events = new List<MempoolEvent?>();
        foreach (var (id, outputs) in _told.Where(told => !engine.Pool.Contains(told.Key)).ToList())
        {
            _told.Remove(id);
            if (!Enumerable.Range(0, outputs).Any(output => engine.Tree.Coins.IsConfirmed(new OutPoint(id, (uint)output))))
                events.Add(new MempoolEvent.Left(id));
        }

        foreach (var entry in engine.Pool.Entries.Where(entry => !_told.ContainsKey(entry.TxId)))
            events.Add(Tell(new PoolChange(PoolChangeKind.Entered, entry.Transaction)));
        return events;
    }
}

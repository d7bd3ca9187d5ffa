namespace Tributary.Bitcoin.Chain.Embedded.Pool;

/// <summary>The latest changes of the mempool, numbered. Bounded: a reader that falls further behind compares the whole instead.</summary>
internal sealed class PoolChanges
{
    private const int ChangesMax = 8192;

    private readonly Queue<PoolChange> _changes = new();
    private List<PoolChange> _unsaved = [];

    /// <summary>The number that the next change will have.</summary>
    internal long Next { get; private set; }

    internal void Add(PoolChange change)
    {
        if (_changes.Count == ChangesMax)
            _changes.Dequeue();
        _changes.Enqueue(change);
        _unsaved.Add(change);
        Next++;
    }

    /// <summary>The changes from a number on, or null where some of them are gone.</summary>
    internal PoolChange[]? Since(long number)
    {
        var first = Next - _changes.Count;
        return number < first ? null : [.. _changes.Skip((int)(number - first))];
    }

    /// <summary>All changes since the last call: for the one who writes them down.</summary>
    internal List<PoolChange> TakeUnsaved()
    {
        var unsaved = _unsaved;
        _unsaved = [];
        return unsaved;
    }
}

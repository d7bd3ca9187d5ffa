namespace Tributary.Lightning.Gossip;

/// <summary>The last so many ids that were added.</summary>
internal sealed class RecentIds<T>(int countMax)
    where T : struct
{
    private readonly HashSet<T> _ids = [];
    private readonly Queue<T> _oldestFirst = new();

    internal void Add(T id)
    {
        if (!_ids.Add(id))
            return;
        _oldestFirst.Enqueue(id);
        if (_oldestFirst.Count > countMax)
            _ids.Remove(_oldestFirst.Dequeue());
    }

    internal bool Contains(T id) => _ids.Contains(id);
}

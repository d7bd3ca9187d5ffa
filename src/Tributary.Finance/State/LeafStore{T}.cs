using System.Runtime.InteropServices;

namespace Tributary.Finance.State;

/// <summary>
/// A journaled map from addresses to leaves. Each write first notes the value before it. An empty leaf may stay in the map until the journal is
/// forgotten, which then drops it; nothing that is read out depends on that, or on the order of the map.
/// </summary>
internal sealed class LeafStore<T>(LeafType<T> type) : LeafStore
    where T : struct, ILeaf<T>
{
    /// <summary>An odd factor spreads addresses that are counted up over the map; its inverse modulo 2⁶⁴ brings them back.</summary>
    private const ulong Spread = 0x9e3779b97f4a7c15;
    private const ulong Gather = 0xf1de83e19937733d;

    private readonly Dictionary<ulong, T> _leaves = [];
    private readonly List<(ulong Address, T Before)> _journal = [];

    public override LeafKind Kind => type.Kind;

    public override int JournalLength => _journal.Count;

    public override int Count => _leaves.Values.Count(static leaf => !leaf.IsEmpty);

    /// <summary>The leaf at an address; empty where there is none.</summary>
    public T this[ulong address] => _leaves.GetValueOrDefault(unchecked(address * Spread));

    /// <summary>The leaf at an address, to be read or written in place, once its value before is noted. Valid until the next call.</summary>
    public ref T Touch(ulong address)
    {
        ref var leaf = ref CollectionsMarshal.GetValueRefOrAddDefault(_leaves, unchecked(address * Spread), out _);
        _journal.Add((address, leaf));
        return ref leaf;
    }

    public override void Undo(int journalLength)
    {
        for (var i = _journal.Count - 1; i >= journalLength; i--)
        {
            var (address, before) = _journal[i];
            CollectionsMarshal.GetValueRefOrAddDefault(_leaves, unchecked(address * Spread), out _) = before;
            if (before.IsEmpty)
                _leaves.Remove(unchecked(address * Spread));
        }

        CollectionsMarshal.SetCount(_journal, journalLength);
    }

    public override void Forget()
    {
        foreach (var (address, _) in _journal)
        {
            var key = unchecked(address * Spread);
            if (_leaves.TryGetValue(key, out var leaf) && leaf.IsEmpty)
                _leaves.Remove(key);
        }

        _journal.Clear();
    }

    public override void ReadChanges(int from, ILeafSink sink)
    {
        var first = new SortedDictionary<ulong, T>();
        for (var i = from; i < _journal.Count; i++)
            first.TryAdd(_journal[i].Address, _journal[i].Before);
        Span<byte> beforeBytes = stackalloc byte[T.Length];
        Span<byte> afterBytes = stackalloc byte[T.Length];
        foreach (var (address, before) in first)
        {
            var after = this[address];
            if (!before.Equals(after))
                sink.Take(new LeafKey(Kind, address), Encode(before, beforeBytes), Encode(after, afterBytes));
        }
    }

    public override void ReadAll(ILeafSink sink)
    {
        var addresses = new List<ulong>(_leaves.Count);
        foreach (var (key, leaf) in _leaves)
        {
            if (!leaf.IsEmpty)
                addresses.Add(unchecked(key * Gather));
        }

        addresses.Sort();
        Span<byte> bytes = stackalloc byte[T.Length];
        foreach (var address in addresses)
            sink.Take(new LeafKey(Kind, address), default, Encode(this[address], bytes));
    }

    public override bool TryLoad(ulong address, ReadOnlySpan<byte> value)
    {
        if (value.Length != T.Length || !T.TryRead(value, out var leaf) || leaf.IsEmpty)
            return false;
        return _leaves.TryAdd(unchecked(address * Spread), leaf);
    }

    private static ReadOnlySpan<byte> Encode(in T leaf, Span<byte> bytes)
    {
        if (leaf.IsEmpty)
            return default;
        leaf.Write(bytes);
        return bytes;
    }
}

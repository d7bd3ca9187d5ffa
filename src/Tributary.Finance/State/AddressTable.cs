using System.Numerics;
using System.Runtime.CompilerServices;
using Tributary.Primitives.Hardware;

namespace Tributary.Finance.State;

/// <summary>
/// A hash table from addresses to leaves, or what else belongs to one, with open addressing: key and leaf stand side by side, so a look-up mostly costs one cache miss, where a
/// general dictionary costs two. Multiplication by an odd number spreads addresses that are counted up and can be undone, so the product serves as the
/// key; zero, which only address 0 has, marks a free place. Places are never given up one by one: those whose leaf is empty are dropped when the
/// table is full.
/// </summary>
public sealed class AddressTable<T>
    where T : struct, IEmptiable
{
    private const ulong Spread = 0x9e3779b97f4a7c15;
    private const ulong Gather = 0xf1de83e19937733d;
    private const int LeastLog = 4;

    private Entry[] _entries = new Entry[1 << LeastLog];
    private int _shift = 64 - LeastLog;
    private int _taken;
    private T _first;

    /// <summary>Places, free or taken.</summary>
    public int Capacity => _entries.Length;

    /// <summary>The leaf at an address; the default where there is none.</summary>
    public T this[ulong address]
    {
        get
        {
            if (address == 0)
                return _first;
            var key = unchecked(address * Spread);
            ref var entry = ref Find(key);
            return entry.Key == key ? entry.Leaf : default;
        }
    }

    /// <summary>The place of an address, made where there is none. Valid until the next call that may add one.</summary>
    public ref T Place(ulong address)
    {
        if (address == 0)
            return ref _first;

        var key = unchecked(address * Spread);
        ref var entry = ref Find(key);
        if (entry.Key == key)
            return ref entry.Leaf;
        if (_taken >= _entries.Length - (_entries.Length / 4))
        {
            Grow();
            entry = ref Find(key);
        }

        entry.Key = key;
        _taken++;
        return ref entry.Leaf;
    }

    /// <summary>Asks the processor for the place of an address that is needed soon.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(ulong address)
    {
        var entries = _entries;
        MemoryHint.Fetch(ref entries[Home(unchecked(address * Spread)) & (entries.Length - 1)]);
    }

    /// <summary>The addresses of leaves that are not empty, in any order.</summary>
    public IEnumerable<ulong> Addresses()
    {
        if (!_first.IsEmpty)
            yield return 0;
        foreach (var entry in _entries)
        {
            if (entry.Key != 0 && !entry.Leaf.IsEmpty)
                yield return unchecked(entry.Key * Gather);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Home(ulong key) => (int)(key >> _shift);

    /// <summary>The entry of a key, or the free one where it would go.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Entry Find(ulong key)
    {
        var entries = _entries;
        var mask = entries.Length - 1;
        for (var i = Home(key) & mask; ; i = (i + 1) & mask)
        {
            ref var entry = ref entries[i];
            if (entry.Key == key || entry.Key == 0)
                return ref entry;
        }
    }

    /// <summary>Makes room: for twice the leaves that there are, so that tables of leaves that come and go do not grow for ever.</summary>
    private void Grow()
    {
        var old = _entries;
        _taken = old.Count(static entry => entry.Key != 0 && !entry.Leaf.IsEmpty);
        var length = Math.Max(1 << LeastLog, checked((int)BitOperations.RoundUpToPowerOf2((uint)_taken * 2)));
        _entries = new Entry[length];
        _shift = 64 - BitOperations.Log2((uint)length);
        foreach (var entry in old)
        {
            if (entry.Key != 0 && !entry.Leaf.IsEmpty)
                Find(entry.Key) = entry;
        }
    }

    private struct Entry
    {
        public ulong Key;
        public T Leaf;
    }
}

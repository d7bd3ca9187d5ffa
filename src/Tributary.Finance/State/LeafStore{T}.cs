using System.Runtime.InteropServices;

namespace Tributary.Finance.State;

/// <summary>
/// A journaled map from addresses to leaves. Each write first notes the value before it. Nothing that is read out depends on the order of the map.
/// </summary>
internal sealed class LeafStore<T>(LeafType<T> type) : LeafStore
    where T : struct, ILeaf<T>
{
    /// <summary>Leaves that the processor is asked for ahead of a walk.</summary>
    private const int Ahead = 12;

    private readonly AddressTable<T> _leaves = new();
    private readonly List<(ulong Address, T Before)> _journal = [];
    private readonly AddressSorter _sorter = new();

    // Changes that stood in the journal before the first that still does.
    private int _forgotten;

    public override LeafKind Kind => type.Kind;

    public override int JournalLength => _forgotten + _journal.Count;

    public override int Count => _leaves.Addresses().Count();

    /// <summary>The leaf at an address; empty where there is none.</summary>
    public T this[ulong address] => _leaves[address];

    public override byte[] ReadBytes(ulong address) => Encode(this[address], new byte[T.Length]).ToArray();

    /// <summary>The leaf at an address, to be read or written in place, once its value before is noted. Valid until the next call.</summary>
    public ref T Touch(ulong address)
    {
        ref var leaf = ref _leaves.Place(address);
        _journal.Add((address, leaf));
        return ref leaf;
    }

    /// <summary>Asks for a leaf that is needed soon.</summary>
    public void Prefetch(ulong address) => _leaves.Prefetch(address);

    public override void Undo(int journalLength)
    {
        var kept = Kept(journalLength);
        for (var i = _journal.Count - 1; i >= kept; i--)
        {
            var (address, before) = _journal[i];
            _leaves.Place(address) = before;
        }

        CollectionsMarshal.SetCount(_journal, kept);
    }

    public override void Forget()
    {
        _journal.Clear();
        _forgotten = 0;
    }

    public override void ForgetBefore(int journalLength)
    {
        _journal.RemoveRange(0, Kept(journalLength));
        _journal.TrimExcess();
        _forgotten = journalLength;
    }

    public override void ReadChanges(int from, ILeafSink sink)
    {
        var journal = CollectionsMarshal.AsSpan(_journal)[Kept(from)..];
        var unsorted = _sorter.Begin(journal.Length);
        for (var i = 0; i < journal.Length; i++)
            unsorted[i] = journal[i].Address;
        var places = _sorter.Sort();
        var addresses = _sorter.Addresses;
        Span<byte> beforeBytes = stackalloc byte[T.Length];
        Span<byte> afterBytes = stackalloc byte[T.Length];
        for (var i = 0; i < addresses.Length;)
        {
            // Equal addresses stand together in the order of the journal; the first that was noted holds the value at the mark.
            var (address, place) = (addresses[i], places[i]);
            for (i++; i < addresses.Length && addresses[i] == address;)
                i++;
            if (i + Ahead < addresses.Length)
                _leaves.Prefetch(addresses[i + Ahead]);
            var (before, after) = (journal[place].Before, this[address]);
            if (!before.Equals(after))
                sink.Take(new LeafKey(Kind, address), Encode(before, beforeBytes), Encode(after, afterBytes));
        }
    }

    public override void ReadAll(ILeafSink sink)
    {
        List<ulong> addresses = [.. _leaves.Addresses()];
        addresses.Sort();
        Span<byte> bytes = stackalloc byte[T.Length];
        foreach (var address in addresses)
            sink.Take(new LeafKey(Kind, address), default, Encode(this[address], bytes));
    }

    public override bool TryLoad(ulong address, ReadOnlySpan<byte> value)
    {
        if (value.Length != T.Length || !T.TryRead(value, out var leaf) || leaf.IsEmpty)
            return false;
        ref var place = ref _leaves.Place(address);
        if (!place.IsEmpty)
            return false;
        place = leaf;
        return true;
    }

    private int Kept(int journalLength) =>
        journalLength >= _forgotten ? journalLength - _forgotten : throw new InvalidOperationException("The journal since this mark has been forgotten.");

    private static ReadOnlySpan<byte> Encode(in T leaf, Span<byte> bytes)
    {
        if (leaf.IsEmpty)
            return default;
        leaf.Write(bytes);
        return bytes;
    }
}

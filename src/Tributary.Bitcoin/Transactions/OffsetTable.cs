using System.Buffers;

namespace Tributary.Bitcoin.Transactions;

/// <summary>
/// A list of offsets that grows in pooled memory, so that a parse allocates exactly the table it keeps. Mutable; one owner, which disposes it.
/// </summary>
internal struct OffsetTable(int capacity) : IDisposable
{
    private int[] _items = ArrayPool<int>.Shared.Rent(capacity);

    internal int Count { get; private set; }

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_items);
        _items = [];
    }

    internal void Add(int offset)
    {
        if (Count == _items.Length)
            Grow();
        _items[Count++] = offset;
    }

    internal readonly int[] ToArray() => _items.AsSpan(0, Count).ToArray();

    private void Grow()
    {
        var larger = ArrayPool<int>.Shared.Rent(_items.Length * 2);
        _items.CopyTo(larger, 0);
        ArrayPool<int>.Shared.Return(_items);
        _items = larger;
    }
}

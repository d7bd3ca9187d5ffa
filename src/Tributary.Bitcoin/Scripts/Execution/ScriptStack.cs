using System.Buffers;

namespace Tributary.Bitcoin.Scripts.Execution;

/// <summary>
/// A stack of elements, each a view on the script, the witness or the scratch bytes: pushing copies no data. Elements are never written.
/// Its array is pooled; one owner disposes it.
/// </summary>
internal struct ScriptStack : IDisposable
{
    private const int InitialCapacity = 16;
    private static readonly byte[] s_true = [1];
    private ReadOnlyMemory<byte>[]? _items;

    internal int Count { get; private set; }

    /// <summary>The top element, or one below it: 1 is the top.</summary>
    internal readonly ReadOnlySpan<byte> Top(int depth = 1) => _items![Count - depth].Span;

    /// <summary>As <see cref="Top"/>, to keep.</summary>
    internal readonly ReadOnlyMemory<byte> Peek(int depth = 1) => _items![Count - depth];

    /// <summary>The elements, bottom first.</summary>
    internal readonly ReadOnlySpan<ReadOnlyMemory<byte>> Items => _items.AsSpan(0, Count);

    public void Dispose()
    {
        if (_items is not null)
            ArrayPool<ReadOnlyMemory<byte>>.Shared.Return(_items, clearArray: true);
        _items = null;
        Count = 0;
    }

    internal void Push(ReadOnlyMemory<byte> item)
    {
        if (_items is null || Count == _items.Length)
            Grow();
        _items![Count++] = item;
    }

    internal void Push(bool value) => Push(value ? s_true : default(ReadOnlyMemory<byte>));

    internal void Pop(int count = 1) => Count -= count;

    internal void Clear() => Count = 0;

    /// <summary>Makes the element at a depth the top; those above it move down.</summary>
    internal void Raise(int depth)
    {
        var at = Count - depth;
        var raised = _items![at];
        Array.Copy(_items, at + 1, _items, at, depth - 1);
        _items[Count - 1] = raised;
    }

    internal void RemoveAt(int depth)
    {
        Raise(depth);
        Pop();
    }

    /// <summary>Puts an element under the top <paramref name="depth"/> ones.</summary>
    internal void InsertUnder(int depth, ReadOnlyMemory<byte> item)
    {
        Push(item);
        var at = Count - 1 - depth;
        Array.Copy(_items!, at, _items!, at + 1, depth);
        _items![at] = item;
    }

    internal readonly void Swap(int depth, int otherDepth) =>
        (_items![Count - depth], _items[Count - otherDepth]) = (_items[Count - otherDepth], _items[Count - depth]);

    /// <summary>Takes over the elements of another stack.</summary>
    internal void CopyFrom(ref readonly ScriptStack other)
    {
        Clear();
        foreach (var item in other.Items)
            Push(item);
    }

    private void Grow()
    {
        var larger = ArrayPool<ReadOnlyMemory<byte>>.Shared.Rent(Math.Max(InitialCapacity, Count * 2));
        if (_items is not null)
        {
            _items.AsSpan(0, Count).CopyTo(larger);
            ArrayPool<ReadOnlyMemory<byte>>.Shared.Return(_items, clearArray: true);
        }

        _items = larger;
    }
}

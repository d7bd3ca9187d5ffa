using System.Runtime.CompilerServices;

namespace Tributary.Lightning.Routing;

/// <summary>A heap of four children a node, of costs and node numbers; a node may be in it more than once, its cheapest entry comes first.</summary>
internal sealed class SearchHeap
{
    private (long Cost, int Node)[] _items = new (long, int)[1024];

    internal int Count { get; private set; }

    internal void Clear() => Count = 0;

    internal long LeastCost => _items[0].Cost;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Push(long cost, int node)
    {
        if (Count == _items.Length)
            Array.Resize(ref _items, Count * 2);
        var items = _items;
        var at = Count++;
        while (at > 0)
        {
            var parent = (at - 1) >> 2;
            if (items[parent].Cost <= cost)
                break;
            items[at] = items[parent];
            at = parent;
        }

        items[at] = (cost, node);
    }

    internal (long Cost, int Node) Pop()
    {
        var items = _items;
        var top = items[0];
        var last = items[--Count];
        var count = Count;
        var at = 0;
        while (true)
        {
            var child = (at << 2) + 1;
            if (child >= count)
                break;
            var best = child;
            var end = Math.Min(child + 4, count);
            for (var next = child + 1; next < end; next++)
            {
                if (items[next].Cost < items[best].Cost)
                    best = next;
            }

            if (items[best].Cost >= last.Cost)
                break;
            items[at] = items[best];
            at = best;
        }

        items[at] = last;
        return top;
    }
}

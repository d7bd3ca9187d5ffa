using System.Diagnostics.CodeAnalysis;

namespace Tributary.Intelligence.Ranking.Beliefs;

/// <summary>A map of bounded size; at the bound the entry that was used longest ago makes room.</summary>
internal sealed class LeastRecentlyUsed<TValue>(int capacity)
    where TValue : class
{
    private readonly Dictionary<string, LinkedListNode<(string Key, TValue Value)>> _nodes = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Key, TValue Value)> _order = new();

    public int Count => _nodes.Count;

    /// <summary>The value without making room or changing the order; false where there is none.</summary>
    public bool TryPeek(string key, [NotNullWhen(true)] out TValue? value)
    {
        value = _nodes.TryGetValue(key, out var node) ? node.Value.Value : null;
        return value is not null;
    }

    public TValue GetOrAdd<TArgument>(string key, TArgument argument, Func<TArgument, TValue> create)
    {
        if (_nodes.TryGetValue(key, out var node))
        {
            if (_order.First != node)
            {
                _order.Remove(node);
                _order.AddFirst(node);
            }

            return node.Value.Value;
        }

        if (_nodes.Count >= capacity && _order.Last is { } oldest)
        {
            _nodes.Remove(oldest.Value.Key);
            _order.RemoveLast();
        }

        var value = create(argument);
        _nodes[key] = _order.AddFirst((key, value));
        return value;
    }
}

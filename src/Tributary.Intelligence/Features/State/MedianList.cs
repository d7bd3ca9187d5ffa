using Tributary.Intelligence.Features.Planning;

namespace Tributary.Intelligence.Features.State;

/// <summary>
/// The amounts of a window in the order of time and in the order of size, in one block: times, amounts (both rings), and the amounts sorted.
/// A move of a few hundred numbers costs less than any tree would.
/// </summary>
internal readonly ref struct MedianList(Span<long> state, MedianPlan plan, BlockPool pool)
{
    private const int FirstCapacity = 4;

    private readonly Span<long> _state = state;

    private int Capacity => (int)_state[plan.Capacity];

    private int Count => (int)(_state[plan.End] - _state[plan.Start]);

    /// <summary>Numbers of a block.</summary>
    public static int BlockLength(int capacity) => 3 * capacity;

    /// <summary>Forgets the amounts that left the window.</summary>
    public void Advance(long nowMs)
    {
        if (Count == 0)
            return;
        var block = Open();
        var capacity = Capacity;
        while (Count > 0 && block[(int)_state[plan.Start] & (capacity - 1)] <= nowMs - plan.WindowMs)
            RemoveOldest(block);
    }

    /// <summary>The lower median, or −1 without amounts.</summary>
    public long Median()
    {
        var count = Count;
        return count == 0 ? -1 : Open()[(2 * Capacity) + ((count - 1) / 2)];
    }

    /// <summary>Adds an amount; at the bound the oldest goes. False when no memory was to be had.</summary>
    public bool TryAdd(long nowMs, long amount, int maxCapacity)
    {
        if (Count == Capacity && Capacity < maxCapacity && !TryGrow())
            return false;
        var capacity = Capacity;
        var block = Open();
        if (Count == capacity)
            RemoveOldest(block);

        var count = Count;
        var place = (int)_state[plan.End]++ & (capacity - 1);
        block[place] = nowMs;
        block[capacity + place] = amount;
        var sorted = block.Slice(2 * capacity, count + 1);
        var at = sorted[..count].BinarySearch(amount);
        at = at < 0 ? ~at : at;
        sorted[at..count].CopyTo(sorted[(at + 1)..]);
        sorted[at] = amount;
        return true;
    }

    private Span<long> Open() => pool.Open(_state[plan.Block], BlockLength(Capacity));

    private void RemoveOldest(Span<long> block)
    {
        var capacity = Capacity;
        var count = Count;
        var amount = block[capacity + ((int)_state[plan.Start]++ & (capacity - 1))];
        var sorted = block.Slice(2 * capacity, count);
        var at = sorted.BinarySearch(amount);
        sorted[(at + 1)..].CopyTo(sorted[at..]);
    }

    private bool TryGrow()
    {
        var old = Capacity;
        var capacity = Math.Max(FirstCapacity, 2 * old);
        var handle = pool.TryTake(BlockLength(capacity));
        if (handle == BlockPool.None)
            return old > 0;
        var block = pool.Open(handle, BlockLength(capacity));
        block.Clear();
        if (old > 0)
        {
            var source = Open();
            for (var i = _state[plan.Start]; i < _state[plan.End]; i++)
            {
                block[(int)i & (capacity - 1)] = source[(int)i & (old - 1)];
                block[capacity + ((int)i & (capacity - 1))] = source[old + ((int)i & (old - 1))];
            }

            source.Slice(2 * old, Count).CopyTo(block[(2 * capacity)..]);
            pool.Return(_state[plan.Block], BlockLength(old));
        }

        _state[plan.Block] = handle;
        _state[plan.Capacity] = capacity;
        return true;
    }
}

using Tributary.Intelligence.Features.Planning;

namespace Tributary.Intelligence.Features.State;

/// <summary>
/// The parties that an entity was seen with, the latest first, in one block: their numbers, then the times. Being in the order of time, it answers
/// "how many different ones" for any window by halving.
/// </summary>
internal readonly ref struct RecencyList(Span<long> state, RecencyPlan plan, BlockPool pool)
{
    private const int FirstCapacity = 4;

    private readonly Span<long> _state = state;

    private int Capacity => (int)_state[plan.Capacity];

    private int Count => (int)_state[plan.Count];

    /// <summary>Numbers of a block.</summary>
    public static int BlockLength(int capacity) => 2 * capacity;

    /// <summary>When the party was seen last, or <see cref="HistoryPlan.Never"/>.</summary>
    public long LastSeen(long party)
    {
        if (Count == 0)
            return HistoryPlan.Never;
        var block = Open();
        var at = block[..Count].IndexOf(party);
        return at < 0 ? HistoryPlan.Never : block[Capacity + at];
    }

    /// <summary>How many were seen after a time.</summary>
    public int CountAfter(long timeMs)
    {
        if (Count == 0)
            return 0;
        var times = Open().Slice(Capacity, Count);
        var low = 0;
        var high = times.Length;
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (times[middle] > timeMs)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>Sees a party; at the bound the one seen the longest ago goes. False when no memory was to be had.</summary>
    public bool TryTouch(long party, long nowMs, int maxCapacity)
    {
        var at = Count == 0 ? -1 : Open()[..Count].IndexOf(party);
        if (at < 0)
        {
            if (Count == Capacity && Capacity < maxCapacity && !TryGrow(maxCapacity))
                return false;
            if (Count < Capacity)
                _state[plan.Count]++;
            at = Count - 1;
        }

        var block = Open();
        var numbers = block[..(at + 1)];
        var times = block.Slice(Capacity, at + 1);
        numbers[..^1].CopyTo(numbers[1..]);
        times[..^1].CopyTo(times[1..]);
        numbers[0] = party;
        times[0] = nowMs;
        return true;
    }

    private Span<long> Open() => pool.Open(_state[plan.Block], BlockLength(Capacity));

    private bool TryGrow(int maxCapacity)
    {
        var old = Capacity;
        var capacity = Math.Min(Math.Max(FirstCapacity, 2 * old), maxCapacity);
        var handle = pool.TryTake(BlockLength(capacity));
        if (handle == BlockPool.None)
            return old > 0;
        var block = pool.Open(handle, BlockLength(capacity));
        block.Clear();
        if (old > 0)
        {
            var source = Open();
            source[..old].CopyTo(block);
            source.Slice(old, old).CopyTo(block[capacity..]);
            pool.Return(_state[plan.Block], BlockLength(old));
        }

        _state[plan.Block] = handle;
        _state[plan.Capacity] = capacity;
        return true;
    }
}

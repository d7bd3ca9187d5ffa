using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Routing;

/// <summary>
/// What payments have shown of other nodes' channels: an amount that passed and one that failed, for each direction. Both fade: after each
/// half-life what is known is worth half (the lower bound falls towards nothing, the upper one rises towards the capacity). Safe to use from
/// many threads: a search reads while payments write.
/// </summary>
/// <param name="halfLifeMilliseconds">One hour unless told otherwise.</param>
/// <param name="entriesMax">At this many directions the one that was touched longest ago goes.</param>
public sealed class LiquidityMemory(long halfLifeMilliseconds = 3_600_000, int entriesMax = 10_000)
{
    private readonly Lock _sync = new();
    private readonly Dictionary<DirectedChannel, Entry> _entries = [];

    /// <summary>Directions that something is known of.</summary>
    public int Count
    {
        get
        {
            lock (_sync)
                return _entries.Count;
        }
    }

    internal ChannelFilter Filter { get; } = new();

    /// <summary>An HTLC of this amount did not pass.</summary>
    public void Failed(DirectedChannel channel, MilliSatoshis amount, long nowMilliseconds)
    {
        using var scope = _sync.EnterScope();
        var known = _entries.GetValueOrDefault(channel, Entry.Unknown);
        var upper = Math.Max(0, amount.Value - 1);
        var current = Rise(known, long.MaxValue, nowMilliseconds);
        Set(channel, known with { Upper = Math.Min(current, upper), UpperAt = nowMilliseconds, Lower = Math.Min(known.Lower, upper) });
    }

    /// <summary>An HTLC of this amount passed, and may have come back.</summary>
    public void Passed(DirectedChannel channel, MilliSatoshis amount, long nowMilliseconds)
    {
        using var scope = _sync.EnterScope();
        var known = _entries.GetValueOrDefault(channel, Entry.Unknown);
        var lower = Math.Max(amount.Value, Fall(known, nowMilliseconds));
        Set(channel, known with { Lower = lower, LowerAt = nowMilliseconds, Upper = Math.Max(known.Upper, lower) });
    }

    /// <summary>An HTLC of this amount was settled: what passed stands on the other side now.</summary>
    public void Settled(DirectedChannel channel, MilliSatoshis amount, long nowMilliseconds)
    {
        using var scope = _sync.EnterScope();
        Passed(channel.Reversed, amount, nowMilliseconds);
        if (_entries.TryGetValue(channel, out var known))
            Set(channel, known with { Lower = Math.Max(0, Fall(known, nowMilliseconds) - amount.Value), LowerAt = nowMilliseconds });
    }

    /// <summary>The bounds now; false when nothing is known.</summary>
    /// <param name="channel">The direction.</param>
    /// <param name="capacity">Millisatoshis; <see cref="long.MaxValue"/> when nobody knows.</param>
    /// <param name="nowMilliseconds">Milliseconds since 1970.</param>
    /// <param name="lower">Passes, in millisatoshis.</param>
    /// <param name="upper">The most that may pass.</param>
    internal bool TryGetBounds(DirectedChannel channel, long capacity, long nowMilliseconds, out long lower, out long upper)
    {
        using var scope = _sync.EnterScope();
        var found = _entries.TryGetValue(channel, out var known);
        upper = found ? Rise(known, capacity, nowMilliseconds) : capacity;
        lower = found ? Math.Min(Fall(known, nowMilliseconds), upper) : 0;
        return found;
    }

    private void Set(DirectedChannel channel, Entry entry)
    {
        if (_entries.Count >= entriesMax && !_entries.ContainsKey(channel))
            DropOldest();
        _entries[channel] = entry;
        Filter.Add(channel.Id.Value);
    }

    private void DropOldest()
    {
        // A tenth at a time, so that the sort is paid by many.
        var oldest = _entries.OrderBy(static pair => pair.Value.TouchedAt).Take(1 + (entriesMax / 10)).Select(static pair => pair.Key).ToArray();
        foreach (var channel in oldest)
            _entries.Remove(channel);
        Filter.Clear();
        foreach (var channel in _entries.Keys)
            Filter.Add(channel.Id.Value);
    }

    private long Fall(in Entry entry, long now) => (long)((Int128)entry.Lower * Remaining(now - entry.LowerAt) >> 16);

    private long Rise(in Entry entry, long capacity, long now)
    {
        if (entry.Upper >= capacity)
            return capacity;
        var gone = (1 << 16) - Remaining(now - entry.UpperAt);

        // Without a capacity the bound doubles from what failed, and is gone after a few half-lives.
        var room = capacity == long.MaxValue ? Math.Min(capacity - entry.Upper, (entry.Upper + 1) * 8) : capacity - entry.Upper;
        return gone >= (1 << 16) - 64 ? capacity : entry.Upper + (long)((Int128)room * gone >> 16);
    }

    // 2^(-age / half-life) in 65536ths: halved whole times, in between on a straight line.
    private int Remaining(long age)
    {
        var halves = Math.Max(0, age) / halfLifeMilliseconds;
        if (halves >= 16)
            return 0;
        var start = (1 << 16) >> (int)halves;
        var part = Math.Max(0, age) % halfLifeMilliseconds;
        return start - (int)(start / 2 * part / halfLifeMilliseconds);
    }

    private readonly record struct Entry(long Lower, long Upper, long LowerAt, long UpperAt)
    {
        internal static Entry Unknown => new(0, long.MaxValue, 0, 0);

        internal long TouchedAt => Math.Max(LowerAt, UpperAt);
    }
}

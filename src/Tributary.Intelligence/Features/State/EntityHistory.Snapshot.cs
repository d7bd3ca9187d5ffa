using Tributary.Intelligence.Features.Planning;
using Tributary.Intelligence.Privacy;

namespace Tributary.Intelligence.Features.State;

/// <content>
/// Snapshots: slots in their order, states as they are, blocks by content. Where a block lay in memory is not part of it and shows in no feature.
/// </content>
internal sealed partial class EntityHistory
{
    public void Save(SnapshotWriter writer)
    {
        writer.WriteInt64(_table.Count);
        writer.WriteInt64(_table.Hand);
        for (var slot = 0; slot < _table.Count; slot++)
        {
            var state = _table.State(slot);
            writer.WriteInt64s(WithoutHandles(state));
            if (state[HistoryPlan.RingCapacity] > 0)
            {
                var ring = Cells(state);
                for (var at = state[HistoryPlan.Start]; at < state[HistoryPlan.End]; at++)
                    writer.WriteInt64s(ring[at]);
            }

            foreach (var (handle, length) in Lists(state))
                writer.WriteInt64s(_pool.Open(handle, length));
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote into an empty history; whatever does not fit marks the reader as damaged.</summary>
    public void Load(SnapshotReader reader)
    {
        var count = reader.ReadInt64(0, _options.MaxEntities);
        var hand = (int)reader.ReadInt64(0, count);
        var loaded = new long[Plan.StateLength];
        for (var i = 0L; i < count && !reader.IsDamaged; i++)
        {
            reader.ReadInt64s(loaded);
            var key = new Pseudonym((ulong)loaded[HistoryPlan.KeyHigh], (ulong)loaded[HistoryPlan.KeyLow]);
            reader.Require(!key.IsNone && _table.Find(key) < 0 && IsSound(loaded));
            if (reader.IsDamaged)
                return;
            var state = _table.State(_table.TryAdd(key));
            loaded.CopyTo(state);
            LoadBlocks(reader, state);
        }

        _table.Hand = hand;
    }

    private void LoadBlocks(SnapshotReader reader, Span<long> state)
    {
        var capacity = (int)state[HistoryPlan.RingCapacity];
        if (capacity > 0)
        {
            state[HistoryPlan.Ring] = _pool.TryTake(capacity * Plan.CellLength);
            reader.Require(state[HistoryPlan.Ring] != BlockPool.None);
            if (reader.IsDamaged)
                return;
            var ring = Cells(state);
            var time = 0L;
            for (var at = state[HistoryPlan.Start]; at < state[HistoryPlan.End] && !reader.IsDamaged; at++)
            {
                reader.ReadInt64s(ring[at]);
                reader.Require(ring.Time(at) >= time);
                time = ring.Time(at);
            }
        }

        foreach (var recency in Plan.Recencies)
            LoadList(reader, state, recency.Block, RecencyList.BlockLength((int)state[recency.Capacity]));
        foreach (var median in Plan.Medians)
            LoadList(reader, state, median.Block, MedianList.BlockLength((int)state[median.Capacity]));
    }

    private void LoadList(SnapshotReader reader, Span<long> state, int place, int length)
    {
        if (length == 0 || reader.IsDamaged)
            return;
        state[place] = _pool.TryTake(length);
        reader.Require(state[place] != BlockPool.None);
        if (!reader.IsDamaged)
            reader.ReadInt64s(_pool.Open(state[place], length));
    }

    /// <summary>True when every place that leads to another is inside its bounds.</summary>
    private bool IsSound(Span<long> state)
    {
        var (start, end, capacity) = (state[HistoryPlan.Start], state[HistoryPlan.End], state[HistoryPlan.RingCapacity]);
        var sound = state[HistoryPlan.Zero] == 0 && start >= 0 && end >= start && end - start <= capacity
            && capacity <= _options.MaxCells && (capacity == 0 || long.IsPow2(capacity));
        foreach (var head in Plan.Heads)
            sound &= state[head.Head] >= start && state[head.Head] <= end;
        foreach (var window in Plan.Expiring)
            sound &= state[window.Tail] >= start && state[window.Tail] <= state[window.Limit];
        foreach (var recency in Plan.Recencies)
            sound &= state[recency.Capacity] >= 0 && state[recency.Capacity] <= _options.MaxDistinct && state[recency.Count] >= 0 && state[recency.Count] <= state[recency.Capacity];
        foreach (var median in Plan.Medians)
        {
            var held = state[median.End] - state[median.Start];
            sound &= state[median.Start] >= 0 && held >= 0 && held <= state[median.Capacity]
                && state[median.Capacity] <= _options.MaxMedian && (state[median.Capacity] == 0 || long.IsPow2(state[median.Capacity]));
        }

        return sound;
    }

    private long[] WithoutHandles(ReadOnlySpan<long> state)
    {
        var copy = state.ToArray();
        copy[HistoryPlan.Ring] = BlockPool.None;
        foreach (var recency in Plan.Recencies)
            copy[recency.Block] = BlockPool.None;
        foreach (var median in Plan.Medians)
            copy[median.Block] = BlockPool.None;
        return copy;
    }

    private List<(long Handle, int Length)> Lists(ReadOnlySpan<long> state)
    {
        var lists = new List<(long Handle, int Length)>();
        foreach (var recency in Plan.Recencies)
        {
            if (state[recency.Capacity] > 0)
                lists.Add((state[recency.Block], RecencyList.BlockLength((int)state[recency.Capacity])));
        }

        foreach (var median in Plan.Medians)
        {
            if (state[median.Capacity] > 0)
                lists.Add((state[median.Block], MedianList.BlockLength((int)state[median.Capacity])));
        }

        return lists;
    }
}

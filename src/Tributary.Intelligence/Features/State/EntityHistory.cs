using System.Runtime.CompilerServices;
using Tributary.Intelligence.Features.Planning;
using Tributary.Intelligence.Privacy;

namespace Tributary.Intelligence.Features.State;

/// <summary>
/// The histories of all entities of a kind. A payment touches one entity: <see cref="Advance"/> lets time pass for it (payments leave windows, old
/// ones become known), then features are read, then <see cref="Insert"/> adds the payment.
/// </summary>
internal sealed partial class EntityHistory
{
    private const int FirstCells = 4;

    private readonly FeatureStoreOptions _options;
    private readonly EntityTable _table;
    private readonly BlockPool _pool;

    public EntityHistory(HistoryPlan plan, FeatureStoreOptions options)
    {
        Plan = plan;
        _options = options;
        _table = new EntityTable(plan.StateLength, options.MaxEntities);
        _pool = new BlockPool(options.MaxHistoryBytes / sizeof(long));
    }

    public HistoryPlan Plan { get; }

    /// <summary>Entities remembered.</summary>
    public int Count => _table.Count;

    /// <summary>Bytes of histories.</summary>
    public long HistoryBytes => _pool.Bytes;

    /// <summary>Asks for what a search for an entity reads.</summary>
    public void PrefetchIndex(Pseudonym key) => _table.Prefetch(key);

    /// <summary>Asks for the state of an entity; the slot that it seems to have, or −1.</summary>
    public int PrefetchState(Pseudonym key)
    {
        var slot = _table.Guess(key);
        if (slot >= 0)
            CacheLines.Prefetch(_table.State(slot));
        return slot;
    }

    /// <summary>The slot of an entity, taken for it if it is new.</summary>
    public int FindOrAdd(Pseudonym key, ref ObservationNotes notes)
    {
        var slot = _table.Find(key);
        if (slot >= 0)
            return slot;

        slot = _table.TryAdd(key);
        if (slot < 0)
        {
            slot = _table.FindIdle();
            ReturnBlocks(_table.State(slot));
            _table.Replace(slot, key);
            notes |= ObservationNotes.EntityForgotten;
        }

        Reset(_table.State(slot));
        return slot;
    }

    /// <summary>Asks for the cells and lists that <see cref="Advance"/> and <see cref="Insert"/> will touch.</summary>
    public void PrefetchCells(int slot, long nowMs)
    {
        var state = _table.State(slot);
        if (state[HistoryPlan.RingCapacity] > 0)
        {
            var ring = Cells(state);
            foreach (var head in Plan.Heads)
            {
                if (state[head.Next] <= nowMs - head.DelayMs)
                    PrefetchPair(ring, state[head.Head]);
            }

            foreach (var window in Plan.Expiring)
            {
                if (state[window.NextExpiry] <= nowMs - window.AgeMs)
                    PrefetchPair(ring, state[window.Tail]);
            }

            CacheLines.Prefetch(ring[state[HistoryPlan.End]]);
        }

        foreach (var recency in Plan.Recencies)
        {
            if (state[recency.Capacity] > 0)
                CacheLines.Prefetch(_pool.Open(state[recency.Block], (int)(state[recency.Capacity] + state[recency.Count])));
        }

        foreach (var median in Plan.Medians)
        {
            if (state[median.Capacity] > 0)
                CacheLines.Prefetch(_pool.Open(state[median.Block], MedianList.BlockLength((int)state[median.Capacity])));
        }
    }

    /// <summary>The cell that is reached for certain, and the next, whose time is looked at.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PrefetchPair(CellRing ring, long sequence)
    {
        CacheLines.Prefetch(ring[sequence]);
        CacheLines.Prefetch(ring[sequence + 1]);
    }

    /// <summary>The numbers of an entity; valid until an entity is added.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<long> State(int slot) => _table.State(slot);

    public MedianList Median(Span<long> state, int index) => new(state, Plan.Medians[index], _pool);

    public RecencyList Recency(Span<long> state, int index) => new(state, Plan.Recencies[index], _pool);

    /// <summary>Lets time pass for an entity.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Advance(int slot, long nowMs)
    {
        var state = _table.State(slot);
        foreach (var head in Plan.Heads)
        {
            if (state[head.Next] <= nowMs - head.DelayMs)
                Pass(state, head, nowMs - head.DelayMs);
        }

        foreach (var window in Plan.Expiring)
        {
            if (state[window.NextExpiry] <= nowMs - window.AgeMs)
                Expire(state, window, nowMs - window.AgeMs);
        }

        for (var i = 0; i < Plan.Medians.Length; i++)
            Median(state, i).Advance(nowMs);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private CellRing Cells(Span<long> state) =>
        new(_pool.Open(state[HistoryPlan.Ring], (int)state[HistoryPlan.RingCapacity] * Plan.CellLength), Plan.CellLength, (int)state[HistoryPlan.RingCapacity] - 1);

    /// <summary>Cells that reached a delay enter its windows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pass(Span<long> state, HeadPlan head, long untilMs)
    {
        var ring = Cells(state);
        var end = state[HistoryPlan.End];
        var at = state[head.Head];
        for (; at < end && ring.Time(at) <= untilMs; at++)
        {
            var cell = ring[at];
            foreach (var window in head.Windows)
                Enter(state, window, cell);
            if (head.IsLabelHead && Plan.Run > 0)
                FoldCell(Run(state), cell);
        }

        state[head.Head] = at;
        state[head.Next] = at < end ? ring.Time(at) : long.MaxValue;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Enter(Span<long> state, WindowPlan window, ReadOnlySpan<long> cell)
    {
        ColumnArithmetic.Add(window, state, cell);
        if (!window.IsForever && state[window.NextExpiry] == long.MaxValue)
            state[window.NextExpiry] = cell[HistoryPlan.CellTime];
    }

    /// <summary>Cells that reached the age of a window leave it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Expire(Span<long> state, WindowPlan window, long untilMs)
    {
        var ring = Cells(state);
        var limit = state[window.Limit];
        var tail = state[window.Tail];
        var greatestLeft = false;
        for (; tail < limit && ring.Time(tail) <= untilMs; tail++)
            greatestLeft |= ColumnArithmetic.Subtract(window, state, ring[tail]);
        state[window.Tail] = tail;
        state[window.NextExpiry] = tail < limit ? ring.Time(tail) : long.MaxValue;
        if (greatestLeft)
            FindMaxima(state, window, ring);
    }

    private static void FindMaxima(Span<long> state, WindowPlan window, CellRing ring)
    {
        foreach (var column in window.Maxima)
        {
            var greatest = long.MinValue;
            for (var at = state[window.Tail]; at < state[window.Limit]; at++)
                greatest = Math.Max(greatest, ring[at][column.Cell]);
            state[column.Total] = greatest;
        }
    }

    private Span<long> Run(Span<long> state) => state.Slice(Plan.Run, OutcomeRun.Length);

    private Span<long> RunBase(Span<long> state) => state.Slice(Plan.RunBase, OutcomeRun.Length);

    private static void FoldCell(Span<long> run, ReadOnlySpan<long> cell) =>
        OutcomeRun.Fold(run, cell[HistoryPlan.CellTime], Tally.Payments(cell[HistoryPlan.CellTally]), Tally.Frauds(cell[HistoryPlan.CellTally]));

    /// <summary>The state of an entity that is new; its pseudonym stays.</summary>
    private void Reset(Span<long> state)
    {
        state[HistoryPlan.LastTime..].Clear();
        state[HistoryPlan.LastTime] = HistoryPlan.Never;
        state[HistoryPlan.FirstTime] = HistoryPlan.Never;
        state[HistoryPlan.Place] = default(GeoPoint).Pack();
        foreach (var recency in Plan.Recencies)
            state[recency.Block] = BlockPool.None;
        foreach (var median in Plan.Medians)
            state[median.Block] = BlockPool.None;
        foreach (var window in Plan.AllWindows)
            ColumnArithmetic.Clear(window, state);
        if (Plan.Run > 0)
        {
            OutcomeRun.Reset(Run(state));
            OutcomeRun.Reset(RunBase(state));
        }

        ResetCells(state);
    }

    private void ResetCells(Span<long> state)
    {
        state[HistoryPlan.Ring] = BlockPool.None;
        state[HistoryPlan.RingCapacity] = 0;
        state[HistoryPlan.Start] = state[HistoryPlan.End];
        foreach (var head in Plan.Heads)
            (state[head.Head], state[head.Next]) = (state[HistoryPlan.End], long.MaxValue);
        foreach (var window in Plan.Expiring)
            (state[window.Tail], state[window.NextExpiry]) = (state[HistoryPlan.End], long.MaxValue);
    }

    private void ReturnBlocks(Span<long> state)
    {
        if (state[HistoryPlan.RingCapacity] > 0)
            _pool.Return(state[HistoryPlan.Ring], (int)state[HistoryPlan.RingCapacity] * Plan.CellLength);
        foreach (var recency in Plan.Recencies)
        {
            if (state[recency.Capacity] > 0)
                _pool.Return(state[recency.Block], RecencyList.BlockLength((int)state[recency.Capacity]));
        }

        foreach (var median in Plan.Medians)
        {
            if (state[median.Capacity] > 0)
                _pool.Return(state[median.Block], MedianList.BlockLength((int)state[median.Capacity]));
        }
    }
}

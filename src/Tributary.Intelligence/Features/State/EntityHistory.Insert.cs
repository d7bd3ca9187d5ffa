using System.Runtime.CompilerServices;
using Tributary.Intelligence.Features.Planning;

namespace Tributary.Intelligence.Features.State;

/// <content>Adding a payment, and what happens when memory is used up.</content>
internal sealed partial class EntityHistory
{
    private const int HistoriesToProbe = 64;

    /// <summary>Adds a payment to an entity for which time has passed.</summary>
    /// <param name="slot">The entity.</param>
    /// <param name="payment">The payment.</param>
    /// <param name="measures">The values of the measures, the amount first; <see cref="long.MinValue"/> for a missing one.</param>
    /// <param name="conditions">Which conditions the payment meets.</param>
    /// <param name="notes">What was given up for it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Insert(int slot, in PaymentEvent payment, ReadOnlySpan<long> measures, ReadOnlySpan<bool> conditions, ref ObservationNotes notes)
    {
        var state = _table.State(slot);
        if (Plan.HasCells)
            InsertCell(slot, state, payment, measures, conditions, ref notes);

        for (var i = 0; i < Plan.Medians.Length; i++)
        {
            if (!Median(state, i).TryAdd(payment.TimeMs, payment.AmountMinor, _options.MaxMedian))
                notes |= ObservationNotes.HistoryReduced;
        }

        for (var i = 0; i < Plan.Recencies.Length; i++)
        {
            var party = payment.Entity(Plan.Recencies[i].Other);
            if (!party.IsNone && !Recency(state, i).TryTouch(PartyNumber(party), payment.TimeMs, _options.MaxDistinct))
                notes |= ObservationNotes.HistoryReduced;
        }

        if (state[HistoryPlan.FirstTime] == HistoryPlan.Never)
            state[HistoryPlan.FirstTime] = payment.TimeMs;
        state[HistoryPlan.LastTime] = payment.TimeMs;
        if (payment.Place.IsKnown)
            (state[HistoryPlan.Place], state[HistoryPlan.PlaceTime]) = (payment.Place.Pack(), payment.TimeMs);
    }

    /// <summary>Sixty-four bits that stand for a party in a list.</summary>
    public static long PartyNumber(Privacy.Pseudonym party) => (long)(party.Low ^ party.High);

    private void InsertCell(
        int slot, Span<long> state, in PaymentEvent payment, ReadOnlySpan<long> measures, ReadOnlySpan<bool> conditions, ref ObservationNotes notes)
    {
        Span<long> cell = stackalloc long[Plan.CellLength];
        Fill(cell, payment, measures, conditions);
        if (!Plan.KeepsCells)
        {
            foreach (var window in Plan.Immediate)
                Enter(state, window, cell);
            return;
        }

        if (!MakeRoom(slot, state, ref notes))
        {
            notes |= ObservationNotes.HistoryReduced;
            return;
        }

        cell.CopyTo(Cells(state)[state[HistoryPlan.End]++]);
        foreach (var window in Plan.Immediate)
            Enter(state, window, cell);
        foreach (var head in Plan.Heads)
        {
            if (state[head.Next] == long.MaxValue)
                state[head.Next] = payment.TimeMs;
        }

        if (Plan is { IsKnownAtOnce: true, Run: > 0 })
            OutcomeRun.Fold(Run(state), payment.TimeMs, payments: 1, frauds: 0);
    }

    private void Fill(Span<long> cell, in PaymentEvent payment, ReadOnlySpan<long> measures, ReadOnlySpan<bool> conditions)
    {
        cell[HistoryPlan.CellTime] = payment.TimeMs;
        cell[HistoryPlan.CellId] = (long)payment.Id;
        for (var i = 0; i < Plan.Columns.Length; i++)
        {
            var column = Plan.Columns[i];
            var place = Plan.CellOffsets[i];
            var value = column.Measure >= 0 ? measures[column.Measure] : 0;
            var counts = value != long.MinValue && (column.Condition == Column.Always || conditions[column.Condition]);
            switch (column.Kind)
            {
                case ColumnKind.Tally:
                    cell[place] = counts ? Tally.OnePayment : 0;
                    break;
                case ColumnKind.Sum:
                    cell[place] = counts ? value : 0;
                    break;
                case ColumnKind.Max:
                    cell[place] = counts ? value : long.MinValue;
                    break;
                case ColumnKind.SumOfSquares:
                    var magnitude = counts ? (ulong)Math.Abs(value) : 0;
                    cell[place + 1] = (long)Math.BigMul(magnitude, magnitude, out var low);
                    cell[place] = (long)low;
                    break;
                default:
                    cell[place] = 0;
                    break;
            }
        }
    }

    /// <summary>Makes room for a cell; false when there is no memory for even one.</summary>
    private bool MakeRoom(int slot, Span<long> state, ref ObservationNotes notes)
    {
        var capacity = (int)state[HistoryPlan.RingCapacity];
        if (state[HistoryPlan.End] - state[HistoryPlan.Start] < capacity)
            return true;
        if (capacity == 0)
            return TryGrow(state, FirstCells) || TryTakeOver(slot, state, ref notes);

        Trim(state);
        if (state[HistoryPlan.End] - state[HistoryPlan.Start] < capacity)
            return true;
        if (capacity < _options.MaxCells && TryGrow(state, 2 * capacity))
            return true;

        notes |= ObservationNotes.HistoryReduced;
        Compact(state);
        if (state[HistoryPlan.End] - state[HistoryPlan.Start] == capacity)
            DropOldest(state);
        return true;
    }

    /// <summary>Frees the cells that every window and head is past; their outcomes go into the base of the run.</summary>
    private void Trim(Span<long> state)
    {
        var start = state[HistoryPlan.End];
        foreach (var head in Plan.Heads)
            start = Math.Min(start, state[head.Head]);
        foreach (var window in Plan.Expiring)
            start = Math.Min(start, state[window.Tail]);
        if (Plan.Run > 0)
        {
            var ring = Cells(state);
            for (var at = state[HistoryPlan.Start]; at < start; at++)
                FoldCell(RunBase(state), ring[at]);
        }

        state[HistoryPlan.Start] = start;
    }

    private bool TryGrow(Span<long> state, int capacity)
    {
        var handle = _pool.TryTake(capacity * Plan.CellLength);
        if (handle == BlockPool.None)
            return false;
        if (state[HistoryPlan.RingCapacity] > 0)
        {
            var source = Cells(state);
            var ring = new CellRing(_pool.Open(handle, capacity * Plan.CellLength), Plan.CellLength, capacity - 1);
            for (var at = state[HistoryPlan.Start]; at < state[HistoryPlan.End]; at++)
                source[at].CopyTo(ring[at]);
            _pool.Return(state[HistoryPlan.Ring], (int)state[HistoryPlan.RingCapacity] * Plan.CellLength);
        }

        state[HistoryPlan.Ring] = handle;
        state[HistoryPlan.RingCapacity] = capacity;
        return true;
    }

    /// <summary>Takes the memory of an idle entity's history, which is dropped: its totals over all time, its lists and its run stay.</summary>
    private bool TryTakeOver(int slot, Span<long> state, ref ObservationNotes notes)
    {
        for (var probe = 0; probe < HistoriesToProbe; probe++)
        {
            var idle = _table.FindIdle();
            var from = _table.State(idle);
            if (idle == slot || from[HistoryPlan.RingCapacity] == 0)
                continue;
            (state[HistoryPlan.Ring], state[HistoryPlan.RingCapacity]) = (from[HistoryPlan.Ring], from[HistoryPlan.RingCapacity]);
            foreach (var window in Plan.Expiring)
                ColumnArithmetic.Clear(window, from);

            if (Plan.Run > 0)
                Run(from).CopyTo(RunBase(from));
            ResetCells(from);
            notes |= ObservationNotes.HistoryReduced;
            return true;
        }

        return false;
    }

    /// <summary>
    /// Merges neighbours in the older half, except across the edge of a window or of a delay, as exponential histograms do (Datar et al., 2002): what
    /// happened lately stays exact, what is long ago becomes coarse, and nothing is counted twice or lost. A merged cell is as old as its newest payment.
    /// </summary>
    private void Compact(Span<long> state)
    {
        var ring = Cells(state);
        var start = state[HistoryPlan.Start];
        var read = start + ((state[HistoryPlan.End] - start) / 2);
        var write = read;
        while (read > start)
        {
            read--;
            var merges = read > start && !IsEdge(state, read);
            if (merges)
            {
                Merge(ring[read - 1], ring[read]);
                read--;
            }

            write--;
            ring[merges ? read + 1 : read].CopyTo(ring[write]);
            MoveEdges(state, read, write);
        }

        state[HistoryPlan.Start] = write;
        foreach (var head in Plan.Heads)
            state[head.Next] = state[head.Head] < state[HistoryPlan.End] ? ring.Time(state[head.Head]) : long.MaxValue;
        foreach (var window in Plan.Expiring)
            state[window.NextExpiry] = state[window.Tail] < state[window.Limit] ? ring.Time(state[window.Tail]) : long.MaxValue;
    }

    private void Merge(ReadOnlySpan<long> older, Span<long> newer)
    {
        for (var i = 0; i < Plan.Columns.Length; i++)
        {
            var place = Plan.CellOffsets[i];
            switch (Plan.Columns[i].Kind)
            {
                case ColumnKind.Max:
                    newer[place] = Math.Max(newer[place], older[place]);
                    break;
                case ColumnKind.SumOfSquares:
                    ColumnArithmetic.SetWide(newer, place, ColumnArithmetic.Wide(newer, place) + ColumnArithmetic.Wide(older, place));
                    break;
                default:
                    newer[place] += older[place];
                    break;
            }
        }
    }

    private bool IsEdge(Span<long> state, long sequence)
    {
        foreach (var head in Plan.Heads)
        {
            if (state[head.Head] == sequence)
                return true;
        }

        foreach (var window in Plan.Expiring)
        {
            if (state[window.Tail] == sequence)
                return true;
        }

        return false;
    }

    private void MoveEdges(Span<long> state, long from, long to)
    {
        foreach (var head in Plan.Heads)
        {
            if (state[head.Head] == from)
                state[head.Head] = to;
        }

        foreach (var window in Plan.Expiring)
        {
            if (state[window.Tail] == from)
                state[window.Tail] = to;
        }
    }

    /// <summary>Forgets the oldest cell. One whose outcome is not known yet never becomes known: a feature must not see it early.</summary>
    private void DropOldest(Span<long> state)
    {
        var ring = Cells(state);
        var oldest = state[HistoryPlan.Start];
        if (Plan.Run > 0 && oldest < state[Plan.KnownUntil])
            FoldCell(RunBase(state), ring[oldest]);
        foreach (var window in Plan.Expiring)
        {
            if (state[window.Tail] > oldest)
                continue;
            var limit = state[window.Limit];
            var greatestLeft = limit > oldest && ColumnArithmetic.Subtract(window, state, ring[oldest]);
            state[window.Tail] = oldest + 1;
            state[window.NextExpiry] = oldest + 1 < limit ? ring.Time(oldest + 1) : long.MaxValue;
            if (greatestLeft)
                FindMaxima(state, window, ring);
        }

        foreach (var head in Plan.Heads)
        {
            if (state[head.Head] > oldest)
                continue;
            state[head.Head] = oldest + 1;
            state[head.Next] = oldest + 1 < state[HistoryPlan.End] ? ring.Time(oldest + 1) : long.MaxValue;
        }

        state[HistoryPlan.Start] = oldest + 1;
    }
}

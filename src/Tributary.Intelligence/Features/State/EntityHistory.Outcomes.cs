using Tributary.Intelligence.Features.Planning;

namespace Tributary.Intelligence.Features.State;

/// <content>Outcomes: a cell learns of them when they are reported, windows when its delay has passed.</content>
internal sealed partial class EntityHistory
{
    /// <summary>Counts a payment as fraud, or no longer.</summary>
    public OutcomeEffect Apply(in PaymentEvent payment, bool isFraud)
    {
        var slot = _table.Find(payment.Entities[Plan.Kind]);
        if (slot < 0)
            return OutcomeEffect.BeyondHistory;
        var state = _table.State(slot);
        var at = FindCell(state, payment, isFraud);
        if (at < 0)
        {
            if (payment.TimeMs >= state[HistoryPlan.FirstTime])
                ApplyForever(state, payment.AmountMinor, isFraud);
            return OutcomeEffect.BeyondHistory;
        }

        Span<long> deltas = stackalloc long[Plan.CellLength];
        deltas.Clear();
        var cell = Cells(state)[at];
        FindDeltas(cell, deltas, payment.AmountMinor, isFraud);
        for (var i = HistoryPlan.CellHeaderLength; i < deltas.Length; i++)
            cell[i] += deltas[i];
        foreach (var window in Plan.AllWindows)
        {
            if (!IsInside(state, window, at))
                continue;
            foreach (var column in window.Columns)
            {
                if (column.Kind is ColumnKind.Frauds or ColumnKind.Losses)
                    state[column.Total] += deltas[column.Cell];
            }
        }

        if (Plan.Run > 0 && at < KnownUntil(state))
            FoldAgain(state);
        return OutcomeEffect.Applied;
    }

    /// <summary>The cell of a payment, or −1.</summary>
    private long FindCell(Span<long> state, in PaymentEvent payment, bool isFraud)
    {
        if (state[HistoryPlan.RingCapacity] == 0)
            return -1;
        var ring = Cells(state);
        var end = state[HistoryPlan.End];
        var merged = -1L;
        for (var at = ring.FirstFrom(payment.TimeMs, state[HistoryPlan.Start], end); at < end; at++)
        {
            var cell = ring[at];
            var canChange = isFraud ? cell[Plan.CellFrauds] < cell[HistoryPlan.CellPayments] : cell[Plan.CellFrauds] > 0;
            if (canChange && cell[HistoryPlan.CellId] == (long)payment.Id)
                return at;
            if (canChange && merged < 0 && cell[HistoryPlan.CellPayments] > 1)
                merged = at;
            if (cell[HistoryPlan.CellTime] > payment.TimeMs)
                break;
        }

        return merged;
    }

    /// <summary>
    /// What an outcome changes in a cell. Whether the payment met a condition is read off the cell; in a merged one the frauds are taken to be
    /// payments that met it while there are any left.
    /// </summary>
    private void FindDeltas(ReadOnlySpan<long> cell, Span<long> deltas, long amountMinor, bool isFraud)
    {
        var sign = isFraud ? 1 : -1;
        for (var i = 0; i < Plan.Columns.Length; i++)
        {
            var column = Plan.Columns[i];
            if (column.Kind is not (ColumnKind.Frauds or ColumnKind.Losses))
                continue;
            if (column.Condition != Column.Always && !MeetsCondition(cell, column.Condition, isFraud))
                continue;
            deltas[Plan.CellOffsets[i]] = column.Kind == ColumnKind.Frauds ? sign : sign * amountMinor;
        }
    }

    private bool MeetsCondition(ReadOnlySpan<long> cell, int condition, bool isFraud)
    {
        var met = cell[OffsetOf(Column.Payments with { Condition = condition })];
        var frauds = Array.IndexOf(Plan.Columns, Column.AllFrauds with { Condition = condition });
        var counted = frauds < 0 ? 0 : cell[Plan.CellOffsets[frauds]];
        return isFraud ? counted < met : counted > cell[Plan.CellFrauds] - 1;
    }

    private int OffsetOf(Column column) => Plan.CellOffsets[Array.IndexOf(Plan.Columns, column)];

    private bool IsInside(Span<long> state, WindowPlan window, long at) =>
        (window.IsForever || state[window.Tail] <= at) && at < Limit(state, window);

    /// <summary>The first cell whose outcomes are not known yet.</summary>
    private long KnownUntil(Span<long> state)
    {
        foreach (var head in Plan.Heads)
        {
            if (head.IsLabelHead)
                return state[head.Head];
        }

        return state[HistoryPlan.End];
    }

    /// <summary>A late outcome changes what followed it: the run is folded again from the oldest cell kept.</summary>
    private void FoldAgain(Span<long> state)
    {
        var run = Run(state);
        RunBase(state).CopyTo(run);
        var ring = Cells(state);
        var end = KnownUntil(state);
        for (var at = state[HistoryPlan.Start]; at < end; at++)
            FoldCell(run, ring[at]);
    }

    private void FoldCell(Span<long> run, ReadOnlySpan<long> cell) =>
        OutcomeRun.Fold(run, cell[HistoryPlan.CellTime], cell[HistoryPlan.CellPayments], cell[Plan.CellFrauds]);

    /// <summary>An outcome of a payment whose cell is gone still counts in totals over all time.</summary>
    private void ApplyForever(Span<long> state, long amountMinor, bool isFraud)
    {
        var sign = isFraud ? 1 : -1;
        foreach (var window in Plan.AllWindows)
        {
            if (!window.IsForever)
                continue;
            foreach (var column in window.Columns)
            {
                if (column.Kind is ColumnKind.Frauds or ColumnKind.Losses && Plan.Columns[ColumnAt(column.Cell)].Condition == Column.Always)
                    state[column.Total] += column.Kind == ColumnKind.Frauds ? sign : sign * amountMinor;
            }
        }
    }

    private int ColumnAt(int cellOffset) => Array.IndexOf(Plan.CellOffsets, cellOffset);
}

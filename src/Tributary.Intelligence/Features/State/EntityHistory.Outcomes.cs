using Tributary.Intelligence.Features.Planning;

namespace Tributary.Intelligence.Features.State;

/// <content>Outcomes: a cell learns of them when they are reported, windows when its delay has passed.</content>
internal sealed partial class EntityHistory
{
    /// <summary>Counts a payment as fraud, or no longer.</summary>
    public OutcomeEffect Apply(in PaymentEvent payment, bool isFraud)
    {
        var slot = _table.Find(payment.Entity(Plan.Kind));
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
        for (var i = HistoryPlan.CellTally; i < deltas.Length; i++)
            cell[i] += deltas[i];
        foreach (var window in Plan.AllWindows)
        {
            if ((!window.IsForever && at < state[window.Tail]) || at >= state[window.Limit])
                continue;
            foreach (var column in window.Sums)
                state[column.Total] += deltas[column.Cell];
        }

        if (Plan.Run > 0 && at < state[Plan.KnownUntil])
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
            var tally = cell[HistoryPlan.CellTally];
            var canChange = isFraud ? Tally.Frauds(tally) < Tally.Payments(tally) : Tally.Frauds(tally) > 0;
            if (canChange && cell[HistoryPlan.CellId] == (long)payment.Id)
                return at;
            if (canChange && merged < 0 && Tally.Payments(tally) > 1)
                merged = at;
            if (cell[HistoryPlan.CellTime] > payment.TimeMs)
                break;
        }

        return merged;
    }

    /// <summary>
    /// What an outcome changes in a cell. Whether the payment met a condition is read off the cell's tally under it; in a merged cell the frauds are
    /// taken to be payments that met it while there are any left.
    /// </summary>
    private void FindDeltas(ReadOnlySpan<long> cell, Span<long> deltas, long amountMinor, bool isFraud)
    {
        var sign = isFraud ? 1 : -1;
        for (var i = 0; i < Plan.Columns.Length; i++)
        {
            var column = Plan.Columns[i];
            if (!column.DependsOnOutcome || column.Measure != Column.NoMeasure || !MeetsCondition(cell, column.Condition, isFraud))
                continue;
            deltas[Plan.CellOffsets[i]] = column.Kind == ColumnKind.Tally ? sign * Tally.OneFraud : sign * amountMinor;
        }
    }

    private bool MeetsCondition(ReadOnlySpan<long> cell, int condition, bool isFraud)
    {
        if (condition == Column.Always)
            return true;
        var column = Array.IndexOf(Plan.Columns, Column.All with { Condition = condition });
        if (column < 0)
            return false;
        var tally = cell[Plan.CellOffsets[column]];
        return isFraud
            ? Tally.Frauds(tally) < Tally.Payments(tally)
            : Tally.Frauds(tally) > Tally.Frauds(cell[HistoryPlan.CellTally]) - 1;
    }

    /// <summary>A late outcome changes what followed it: the run is folded again from the oldest cell kept.</summary>
    private void FoldAgain(Span<long> state)
    {
        var run = Run(state);
        RunBase(state).CopyTo(run);
        var ring = Cells(state);
        var end = state[Plan.KnownUntil];
        for (var at = state[HistoryPlan.Start]; at < end; at++)
            FoldCell(run, ring[at]);
    }

    /// <summary>An outcome of a payment whose cell is gone still counts in totals over all time.</summary>
    private void ApplyForever(Span<long> state, long amountMinor, bool isFraud)
    {
        var sign = isFraud ? 1 : -1;
        foreach (var window in Plan.AllWindows)
        {
            if (!window.IsForever)
                continue;
            foreach (var sum in window.Sums)
            {
                var column = Plan.Columns[Array.IndexOf(Plan.CellOffsets, sum.Cell)];
                if (!column.DependsOnOutcome || column.Measure != Column.NoMeasure || column.Condition != Column.Always)
                    continue;
                state[sum.Total] += column.Kind == ColumnKind.Tally ? sign * Tally.OneFraud : sign * amountMinor;
            }
        }
    }
}

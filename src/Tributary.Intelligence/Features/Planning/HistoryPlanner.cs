namespace Tributary.Intelligence.Features.Planning;

/// <summary>
/// Collects what the features of one kind of entity need, each thing once, and lays it out. Places of totals are known when they are asked for;
/// the layout of cells follows when all columns are known.
/// </summary>
internal sealed class HistoryPlanner(EntityKind kind, long labelDelayMs)
{
    private readonly List<Column> _columns = [];
    private readonly List<Window> _windows = [];
    private readonly List<RecencyPlan> _recencies = [];
    private readonly List<MedianPlan> _medians = [];
    private int _stateLength = HistoryPlan.HeaderLength;
    private int _run;
    private int _runBase;

    /// <summary>The place of a window's total of a column.</summary>
    /// <param name="column">The column.</param>
    /// <param name="delayMs">How long ago the window ends.</param>
    /// <param name="lengthMs">Its length; null for all time.</param>
    public int Total(Column column, long delayMs, long? lengthMs)
    {
        var ageMs = lengthMs is { } length ? delayMs + length : WindowPlan.Ever;
        var window = _windows.Find(window => window.DelayMs == delayMs && window.AgeMs == ageMs);
        if (window is null)
        {
            window = new Window(delayMs, ageMs, Take(2));
            _windows.Add(window);
        }

        if (window.Totals.TryGetValue(column, out var place))
            return place;
        place = Take(column.Width);
        window.Totals.Add(column, place);
        Require(column);
        return place;
    }

    /// <summary>The place of a field of the run of outcomes.</summary>
    public int Run(int field)
    {
        if (_run == 0)
        {
            _run = Take(OutcomeRun.Length);
            _runBase = Take(OutcomeRun.Length);
            Require(Column.AllFrauds);
        }

        return _run + field;
    }

    /// <summary>The index of the list of parties of another kind.</summary>
    public int Recency(EntityKind other)
    {
        var index = _recencies.FindIndex(recency => recency.Other == other);
        if (index >= 0)
            return index;
        _recencies.Add(new RecencyPlan(other, Take(RecencyPlan.Length)));
        return _recencies.Count - 1;
    }

    /// <summary>The index of the ordered amounts of a window.</summary>
    public int Median(long windowMs)
    {
        var index = _medians.FindIndex(median => median.WindowMs == windowMs);
        if (index >= 0)
            return index;
        _medians.Add(new MedianPlan(windowMs, Take(MedianPlan.Length)));
        return _medians.Count - 1;
    }

    public HistoryPlan Plan()
    {
        var offsets = new int[_columns.Count];
        var length = HistoryPlan.CellHeaderLength;
        for (var column = 0; column < offsets.Length; column++)
        {
            offsets[column] = _columns[column] == Column.Payments ? HistoryPlan.CellPayments : length;
            if (offsets[column] == length)
                length += _columns[column].Width;
        }

        var windows = _windows
            .Select(window => new WindowPlan
            {
                DelayMs = window.DelayMs,
                AgeMs = window.AgeMs,
                Tail = window.Tail,
                Columns = [.. window.Totals.Select(pair => new WindowColumn(pair.Key.Kind, offsets[_columns.IndexOf(pair.Key)], pair.Value))],
            })
            .ToArray();
        var frauds = _columns.IndexOf(Column.AllFrauds);
        var delays = windows.Select(window => window.DelayMs).ToHashSet();
        if (frauds >= 0)
            delays.Add(labelDelayMs);
        delays.Remove(0);
        var heads = delays.Order()
            .Select(delay => new HeadPlan
            {
                DelayMs = delay,
                Head = Take(2),
                Windows = [.. windows.Where(window => window.DelayMs == delay)],
                IsLabelHead = delay == labelDelayMs && frauds >= 0,
            })
            .ToArray();
        return new HistoryPlan
        {
            Kind = kind,
            Columns = [.. _columns],
            CellOffsets = offsets,
            CellLength = length,
            Immediate = [.. windows.Where(window => window.DelayMs == 0)],
            Heads = heads,
            Expiring = [.. windows.Where(window => !window.IsForever)],
            AllWindows = windows,
            Run = _run,
            RunBase = _runBase,
            Recencies = [.. _recencies],
            Medians = [.. _medians],
            CellFrauds = frauds >= 0 ? offsets[frauds] : 0,
            StateLength = _stateLength,
            LabelDelayMs = labelDelayMs,
        };
    }

    /// <summary>Adds a column to the cells, with those that outcomes need to find their share of it.</summary>
    private void Require(Column column)
    {
        if (_columns.Contains(column))
            return;
        if (column.Kind is ColumnKind.Frauds or ColumnKind.Losses)
        {
            Require(Column.Payments with { Condition = column.Condition });
            if (column != Column.AllFrauds)
                Require(Column.AllFrauds);
            if (column.Kind == ColumnKind.Losses && column.Condition != Column.Always)
                Require(Column.AllFrauds with { Condition = column.Condition });
        }

        _columns.Add(column);
    }

    private int Take(int length)
    {
        var place = _stateLength;
        _stateLength += length;
        return place;
    }

    private sealed record Window(long DelayMs, long AgeMs, int Tail)
    {
        public Dictionary<Column, int> Totals { get; } = [];
    }
}

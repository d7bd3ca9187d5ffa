namespace Tributary.Intelligence.Features.Planning;

/// <summary>
/// Collects what the features of one kind of entity need, each thing once, and lays it out. Compilation asks twice: the places of the first answers mean
/// nothing; after <see cref="LayOut"/> they are final.
/// </summary>
internal sealed class HistoryPlanner(EntityKind kind, long labelDelayMs)
{
    /// <summary>Numbers of a cache line; a cell that nearly fills one is made to fill it.</summary>
    private const int LineLength = 8;

    private readonly List<Column> _columns = [Column.All];
    private readonly List<Window> _windows = [];
    private readonly List<Head> _heads = [];
    private readonly List<EntityKind> _recencies = [];
    private readonly List<long> _medians = [];
    private bool _keepsRuns;
    private bool _needsOutcomes;
    private int _run;
    private int _runBase;
    private int _lists;
    private int _stateLength;

    /// <summary>The place of a window's total of a column.</summary>
    /// <param name="column">The column.</param>
    /// <param name="delayMs">How long ago the window ends.</param>
    /// <param name="lengthMs">Its length; null for all time.</param>
    public int Total(Column column, long delayMs, long? lengthMs)
    {
        var ageMs = lengthMs is { } length ? delayMs + length : WindowPlan.Ever;
        var window = _windows.Find(window => window.DelayMs == delayMs && window.AgeMs == ageMs);
        if (window is null)
            _windows.Add(window = new Window(delayMs, ageMs));
        if (window.Totals.TryGetValue(column, out var place))
            return place;
        window.Totals.Add(column, 0);
        if (delayMs > 0)
            AddHead(delayMs);
        Require(column);
        return 0;
    }

    /// <summary>Says that outcomes are read.</summary>
    public void NeedOutcomes()
    {
        _needsOutcomes = true;
        if (labelDelayMs > 0)
            AddHead(labelDelayMs);
    }

    /// <summary>The place of a field of the run of outcomes.</summary>
    public int Run(int field)
    {
        _keepsRuns = true;
        NeedOutcomes();
        return _run + field;
    }

    /// <summary>The index of the list of parties of another kind.</summary>
    public int Recency(EntityKind other) => IndexOf(_recencies, other);

    /// <summary>The index of the ordered amounts of a window.</summary>
    public int Median(long windowMs) => IndexOf(_medians, windowMs);

    /// <summary>Gives everything its place: first what every payment reads, then totals, then the rest.</summary>
    public void LayOut()
    {
        _stateLength = HistoryPlan.HeaderLength;
        foreach (var head in _heads)
            head.Place = Take(2);
        foreach (var window in _windows.Where(window => window.AgeMs != WindowPlan.Ever))
            window.Tail = Take(2);
        foreach (var window in _windows)
        {
            foreach (var column in window.Totals.Keys.ToArray())
                window.Totals[column] = Take(column.Width);
        }

        _run = _keepsRuns ? Take(OutcomeRun.Length) : 0;
        _runBase = _keepsRuns ? Take(OutcomeRun.Length) : 0;
        _lists = _stateLength;
        _stateLength += (_recencies.Count * RecencyPlan.Length) + (_medians.Count * MedianPlan.Length);
        _stateLength = RoundUp(_stateLength, LineLength);
    }

    public HistoryPlan Plan()
    {
        var offsets = new int[_columns.Count];
        offsets[0] = HistoryPlan.CellTally;
        var length = HistoryPlan.CellHeaderLength;
        for (var column = 1; column < offsets.Length; column++)
        {
            offsets[column] = length;
            length += _columns[column].Width;
        }

        var windows = _windows.ConvertAll(window => Plan(window, offsets)).ToArray();
        return new HistoryPlan
        {
            Kind = kind,
            Columns = [.. _columns],
            CellOffsets = offsets,
            CellLength = RoundUp(length, length > LineLength / 2 ? LineLength : LineLength / 2),
            Immediate = [.. windows.Where(window => window.DelayMs == 0)],
            Heads =
            [
                .. _heads.Select(head => new HeadPlan
                {
                    DelayMs = head.DelayMs,
                    Head = head.Place,
                    Windows = [.. windows.Where(window => window.DelayMs == head.DelayMs)],
                    IsLabelHead = head.DelayMs == labelDelayMs && _needsOutcomes,
                }),
            ],
            Expiring = [.. windows.Where(window => !window.IsForever)],
            AllWindows = windows,
            Run = _run,
            RunBase = _runBase,
            KnownUntil = LimitOf(labelDelayMs),
            Recencies = [.. _recencies.Select((other, i) => new RecencyPlan(other, _lists + (i * RecencyPlan.Length)))],
            Medians =
            [
                .. _medians.Select((window, i) =>
                    new MedianPlan(window, _lists + (_recencies.Count * RecencyPlan.Length) + (i * MedianPlan.Length))),
            ],
            StateLength = _stateLength,
            NeedsOutcomes = _needsOutcomes,
            IsKnownAtOnce = labelDelayMs == 0,
        };
    }

    private WindowPlan Plan(Window window, int[] offsets)
    {
        return new WindowPlan
        {
            DelayMs = window.DelayMs,
            AgeMs = window.AgeMs,
            Tail = window.Tail,
            Limit = LimitOf(window.DelayMs),
            Sums = Columns(ColumnKind.Tally, ColumnKind.Sum, ColumnKind.Losses),
            Squares = Columns(ColumnKind.SumOfSquares),
            Maxima = Columns(ColumnKind.Max),
        };

        WindowColumn[] Columns(params ReadOnlySpan<ColumnKind> kinds)
        {
            var columns = new List<WindowColumn>();
            foreach (var (column, total) in window.Totals)
            {
                if (kinds.Contains(column.Kind))
                    columns.Add(new WindowColumn(offsets[_columns.IndexOf(column)], total));
            }

            return [.. columns];
        }
    }

    /// <summary>The place of the sequence number of the first cell that a delay has not passed; without delay the end of the history.</summary>
    private int LimitOf(long delayMs) => _heads.Find(head => head.DelayMs == delayMs)?.Place ?? HistoryPlan.End;

    private void AddHead(long delayMs)
    {
        if (_heads.Exists(head => head.DelayMs == delayMs))
            return;
        _heads.Add(new Head(delayMs));
    }

    /// <summary>Adds a column to the cells; losses under a condition need its tally, to know whether a payment met it.</summary>
    private void Require(Column column)
    {
        if (column.Kind == ColumnKind.Losses)
            Require(Column.All with { Condition = column.Condition });
        if (!_columns.Contains(column))
            _columns.Add(column);
    }

    private static int IndexOf<T>(List<T> list, T item)
    {
        var index = list.IndexOf(item);
        if (index >= 0)
            return index;
        list.Add(item);
        return list.Count - 1;
    }

    private int Take(int length)
    {
        var place = _stateLength;
        _stateLength += length;
        return place;
    }

    private static int RoundUp(int length, int unit) => (length + unit - 1) / unit * unit;

    private sealed record Window(long DelayMs, long AgeMs)
    {
        public Dictionary<Column, int> Totals { get; } = [];

        public int Tail { get; set; }
    }

    private sealed record Head(long DelayMs)
    {
        public int Place { get; set; }
    }
}

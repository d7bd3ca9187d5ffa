namespace Tributary.Intelligence.Fairness;

/// <summary>The rows of an audit in the form in which counting them is fast: resampling counts them a thousand times.</summary>
internal sealed class AuditSample
{
    private readonly byte[] _group;
    private readonly byte[] _cell;
    private readonly byte[] _bin;
    private readonly double[] _scores;

    public AuditSample(ReadOnlySpan<double> scores, ReadOnlySpan<float> labels, ProtectedColumn column, FairnessOptions options)
    {
        var known = new List<int>();
        for (var row = 0; row < scores.Length; row++)
        {
            if (column.GroupOfRow[row] != ProtectedColumn.UnknownGroup)
                known.Add(row);
        }

        Rows = known.Count;
        Groups = column.Groups.Length;
        Bins = options.CalibrationBins;
        _group = new byte[Rows];
        _cell = new byte[Rows];
        _bin = new byte[Rows];
        _scores = new double[Rows];
        for (var i = 0; i < Rows; i++)
        {
            var row = known[i];
            _group[i] = (byte)column.GroupOfRow[row];
            _scores[i] = scores[row];
            _cell[i] = (byte)((labels[row] > 0 ? GroupCounts.Positive : 0) + (scores[row] >= options.Threshold ? GroupCounts.Selected : 0));
        }

        AssignBins();
    }

    public int Rows { get; }

    public int Groups { get; }

    public int Bins { get; }

    /// <summary>Counts each row as often as the multiplicity says; once where there is none.</summary>
    public GroupCounts[] Count(ReadOnlySpan<int> multiplicities)
    {
        var counts = new GroupCounts[Groups];
        for (var group = 0; group < Groups; group++)
            counts[group] = new GroupCounts(Bins);
        for (var i = 0; i < Rows; i++)
        {
            var times = multiplicities.IsEmpty ? 1 : multiplicities[i];
            if (times > 0)
                counts[_group[i]].Add(_cell[i], _bin[i], _scores[i], times);
        }

        return counts;
    }

    // Bins of equal size over all groups; rows of one score share a bin.
    private void AssignBins()
    {
        var order = new int[Rows];
        for (var i = 0; i < Rows; i++)
            order[i] = i;
        Array.Sort((double[])_scores.Clone(), order);
        for (var rank = 0; rank < Rows; rank++)
        {
            var isTie = rank > 0 && _scores[order[rank]] == _scores[order[rank - 1]];
            _bin[order[rank]] = isTie ? _bin[order[rank - 1]] : (byte)((long)rank * Bins / Rows);
        }
    }
}

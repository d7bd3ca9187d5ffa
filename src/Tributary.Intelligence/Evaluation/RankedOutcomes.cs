namespace Tributary.Intelligence.Evaluation;

/// <summary>
/// Scores and what came true, sorted once from the highest score down, so that every metric of ranking is one pass over them, for any
/// weights. Equal scores form one group: no metric depends on the order in which equal scores arrived.
/// </summary>
public sealed class RankedOutcomes
{
    private readonly int[] _order;
    private readonly double[] _scores;
    private readonly bool[] _positive;
    private readonly int[] _groupEnds;

    /// <param name="scores">A score per row, higher for a likelier positive; NaN is not a score.</param>
    /// <param name="labels">A label per row: 1 positive, 0 negative.</param>
    public RankedOutcomes(ReadOnlySpan<double> scores, ReadOnlySpan<float> labels)
    {
        if (scores.Length != labels.Length)
            throw new ArgumentException($"{scores.Length} scores for {labels.Length} labels.", nameof(labels));

        _order = new int[scores.Length];
        _scores = new double[scores.Length];
        for (var i = 0; i < scores.Length; i++)
        {
            if (double.IsNaN(scores[i]))
                throw new ArgumentException($"The score of row {i} is NaN.", nameof(scores));
            if (labels[i] is not (0f or 1f))
                throw new ArgumentException($"The label of row {i} is {labels[i]}, neither 0 nor 1.", nameof(labels));
            _order[i] = i;
            _scores[i] = -scores[i];
        }

        Array.Sort(_scores, _order);
        _positive = new bool[scores.Length];
        var ends = new List<int>();
        for (var i = 0; i < _order.Length; i++)
        {
            _scores[i] = -_scores[i];
            _positive[i] = labels[_order[i]] == 1f;
            if (i > 0 && _scores[i] != _scores[i - 1])
                ends.Add(i);
        }

        if (_order.Length > 0)
            ends.Add(_order.Length);
        _groupEnds = [.. ends];
    }

    /// <summary>Rows.</summary>
    public int Count => _order.Length;

    /// <summary>
    /// The area under the ROC curve: the chance that a positive scores above a negative, equal scores counting half (Mann–Whitney).
    /// NaN without a positive or without a negative.
    /// </summary>
    /// <param name="weights">A weight per row, in the order in which the rows were given; empty for 1 each.</param>
    public double RocAuc(ReadOnlySpan<double> weights = default)
    {
        double area = 0, positives = 0, negatives = 0;
        foreach (var group in Groups(weights))
        {
            area += group.Negative * (positives + (group.Positive / 2));
            positives += group.Positive;
            negatives += group.Negative;
        }

        return area / (positives * negatives);
    }

    /// <summary>
    /// Average precision: precision at each distinct score, weighted by the recall gained there, without interpolation. NaN without a positive.
    /// </summary>
    /// <param name="weights">A weight per row, in the order in which the rows were given; empty for 1 each.</param>
    public double AveragePrecision(ReadOnlySpan<double> weights = default)
    {
        double sum = 0, positives = 0, taken = 0;
        foreach (var group in Groups(weights))
        {
            positives += group.Positive;
            taken += group.Positive + group.Negative;
            if (group.Positive > 0)
                sum += group.Positive * (positives / taken);
        }

        return sum / positives;
    }

    /// <summary>
    /// The share of positives in the <paramref name="k"/> highest scores. When equal scores straddle the cut, their share is what a random
    /// order of them gives on average. With fewer than k rows, the share of positives in all; NaN without rows.
    /// </summary>
    public double PrecisionAt(int k)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        double positives = 0;
        var taken = 0;
        foreach (var group in Groups(default))
        {
            var size = (int)(group.Positive + group.Negative);
            if (taken + size >= k)
                return (positives + (group.Positive * (k - taken) / size)) / k;
            positives += group.Positive;
            taken += size;
        }

        return positives / taken;
    }

    /// <summary>
    /// The highest recall that any threshold reaches with at most this share of the negatives caught by mistake; 0 when no threshold does.
    /// A threshold takes all of a group of equal scores or none: nothing is interpolated. NaN without a positive or without a negative.
    /// </summary>
    /// <param name="falsePositiveRate">From 0 to 1.</param>
    /// <param name="weights">A weight per row, in the order in which the rows were given; empty for 1 each.</param>
    public double RecallAtFalsePositiveRate(double falsePositiveRate, ReadOnlySpan<double> weights = default)
    {
        var (positives, negatives) = Totals(weights);
        if (positives == 0 || negatives == 0)
            return double.NaN;

        double truePositives = 0, falsePositives = 0, best = 0;
        foreach (var group in Groups(weights))
        {
            truePositives += group.Positive;
            falsePositives += group.Negative;
            if (falsePositives > falsePositiveRate * negatives)
                break;
            best = truePositives;
        }

        return best / positives;
    }

    /// <summary>A point for each distinct score, from the highest down: the ROC and the precision–recall curve with their counts.</summary>
    /// <param name="weights">A weight per row, in the order in which the rows were given; empty for 1 each.</param>
    public OperatingPoint[] OperatingPoints(ReadOnlySpan<double> weights = default)
    {
        var (positives, negatives) = Totals(weights);
        var points = new OperatingPoint[_groupEnds.Length];
        double truePositives = 0, falsePositives = 0;
        var i = 0;
        foreach (var group in Groups(weights))
        {
            truePositives += group.Positive;
            falsePositives += group.Negative;
            points[i++] = new OperatingPoint(group.Score, truePositives, falsePositives, positives, negatives);
        }

        return points;
    }

    private (double Positives, double Negatives) Totals(ReadOnlySpan<double> weights)
    {
        double positives = 0, negatives = 0;
        foreach (var group in Groups(weights))
        {
            positives += group.Positive;
            negatives += group.Negative;
        }

        return (positives, negatives);
    }

    private GroupEnumerator Groups(ReadOnlySpan<double> weights)
    {
        if (weights.Length != 0 && weights.Length != _order.Length)
            throw new ArgumentException($"{weights.Length} weights for {_order.Length} rows.", nameof(weights));
        return new GroupEnumerator(this, weights);
    }

    private readonly record struct TieGroup(double Score, double Positive, double Negative);

    private ref struct GroupEnumerator(RankedOutcomes owner, ReadOnlySpan<double> weights)
    {
        private readonly ReadOnlySpan<double> _weights = weights;
        private int _group;
        private int _row;

        public TieGroup Current { get; private set; }

        public readonly GroupEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_group == owner._groupEnds.Length)
                return false;

            double positive = 0, negative = 0;
            var score = owner._scores[_row];
            for (var end = owner._groupEnds[_group++]; _row < end; _row++)
            {
                var weight = _weights.IsEmpty ? 1 : _weights[owner._order[_row]];
                if (owner._positive[_row])
                    positive += weight;
                else
                    negative += weight;
            }

            Current = new TieGroup(score, positive, negative);
            return true;
        }
    }
}

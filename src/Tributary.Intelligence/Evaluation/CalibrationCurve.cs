using System.Collections.Immutable;

namespace Tributary.Intelligence.Evaluation;

/// <summary>
/// Said against seen: rows in order of their probability, cut into bins of equal size (so that rare positives do not leave most bins empty);
/// rows of one probability are never parted.
/// </summary>
public sealed class CalibrationCurve
{
    private CalibrationCurve(ImmutableArray<CalibrationBin> bins, double expectedError)
    {
        Bins = bins;
        ExpectedError = expectedError;
    }

    /// <summary>From the lowest probability to the highest.</summary>
    public ImmutableArray<CalibrationBin> Bins { get; }

    /// <summary>Expected calibration error: the distance of said from seen, averaged over the rows; NaN without rows.</summary>
    public double ExpectedError { get; }

    /// <param name="probabilities">A probability of the positive class per row.</param>
    /// <param name="labels">A label per row: 1 positive, 0 negative.</param>
    /// <param name="binCount">The most bins; fewer come out when many rows share a probability.</param>
    public static CalibrationCurve Compute(ReadOnlySpan<double> probabilities, ReadOnlySpan<float> labels, int binCount = 10)
    {
        if (probabilities.Length != labels.Length)
            throw new ArgumentException($"{probabilities.Length} probabilities for {labels.Length} labels.", nameof(labels));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(binCount);

        var sorted = probabilities.ToArray();
        var outcomes = labels.ToArray();
        Array.Sort(sorted, outcomes);
        var bins = ImmutableArray.CreateBuilder<CalibrationBin>(binCount);
        double error = 0;
        for (int start = 0, bin = 0; bin < binCount && start < sorted.Length; bin++)
        {
            var end = (int)((long)sorted.Length * (bin + 1) / binCount);
            if (end <= start)
                continue;
            while (end < sorted.Length && sorted[end] == sorted[end - 1])
                end++;

            double said = 0, seen = 0;
            for (var i = start; i < end; i++)
            {
                said += sorted[i];
                seen += outcomes[i];
            }

            var count = end - start;
            bins.Add(new CalibrationBin(count, sorted[start], sorted[end - 1], said / count, seen / count));
            error += Math.Abs(said - seen);
            start = end;
        }

        return new CalibrationCurve(bins.ToImmutable(), error / sorted.Length);
    }
}

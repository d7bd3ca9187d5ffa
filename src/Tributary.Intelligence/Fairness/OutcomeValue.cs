namespace Tributary.Intelligence.Fairness;

/// <summary>What a decision by a threshold is worth, in minor units, by what turned out.</summary>
/// <param name="TruePositive">A positive that was selected.</param>
/// <param name="FalsePositive">A negative that was selected.</param>
/// <param name="TrueNegative">A negative that was not.</param>
/// <param name="FalseNegative">A positive that was not.</param>
public sealed record OutcomeValue(long TruePositive, long FalsePositive, long TrueNegative, long FalseNegative)
{
    /// <summary>The worth of one decision.</summary>
    public long OfOne(bool isPositive, bool isSelected) => (isPositive, isSelected) switch
    {
        (true, true) => TruePositive,
        (false, true) => FalsePositive,
        (false, false) => TrueNegative,
        (true, false) => FalseNegative,
    };

    /// <summary>The worth of counted decisions; a sum that does not fit is an <see cref="OverflowException"/>.</summary>
    public long Of(long truePositives, long falsePositives, long trueNegatives, long falseNegatives) => checked(
        (truePositives * TruePositive) + (falsePositives * FalsePositive) + (trueNegatives * TrueNegative) + (falseNegatives * FalseNegative));

    /// <summary>The threshold, among the scores, that is worth most; of several the highest. Selected are scores at or above it.</summary>
    public double BestThreshold(ReadOnlySpan<double> scores, ReadOnlySpan<float> labels)
    {
        var sorted = scores.ToArray();
        var outcomes = labels.ToArray();
        Array.Sort(sorted, outcomes);
        long positives = 0;
        foreach (var label in outcomes)
            positives += label > 0 ? 1 : 0;
        var negatives = outcomes.Length - positives;

        // From above the highest score, where nothing is selected, downwards.
        var (best, bestValue) = (double.PositiveInfinity, Of(0, 0, negatives, positives));
        long truePositives = 0, falsePositives = 0;
        for (var i = sorted.Length - 1; i >= 0; i--)
        {
            if (outcomes[i] > 0)
                truePositives++;
            else
                falsePositives++;
            if (i > 0 && sorted[i - 1] == sorted[i])
                continue;
            var value = Of(truePositives, falsePositives, negatives - falsePositives, positives - truePositives);
            if (value > bestValue)
                (best, bestValue) = (sorted[i], value);
        }

        return best;
    }
}

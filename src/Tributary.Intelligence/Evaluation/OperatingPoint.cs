namespace Tributary.Intelligence.Evaluation;

/// <summary>What happens when everything that scores at least the threshold is taken as positive.</summary>
/// <param name="Threshold">The least score taken as positive.</param>
/// <param name="TruePositives">Positives at or above the threshold (a sum of weights).</param>
/// <param name="FalsePositives">Negatives at or above the threshold (a sum of weights).</param>
/// <param name="Positives">All positives.</param>
/// <param name="Negatives">All negatives.</param>
public readonly record struct OperatingPoint(double Threshold, double TruePositives, double FalsePositives, double Positives, double Negatives)
{
    /// <summary>Recall: the share of the positives that is caught; NaN without positives.</summary>
    public double TruePositiveRate => TruePositives / Positives;

    /// <summary>The share of the negatives that is caught by mistake; NaN without negatives.</summary>
    public double FalsePositiveRate => FalsePositives / Negatives;

    /// <summary>The share of positives in what is caught; NaN when nothing is.</summary>
    public double Precision => TruePositives / (TruePositives + FalsePositives);
}

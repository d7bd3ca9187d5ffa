namespace Tributary.Intelligence.Evaluation;

/// <summary>An estimate and the range that resampling puts it in.</summary>
/// <param name="Estimate">The metric on the data as they are.</param>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
/// <param name="Level">The share of resamples between the ends, such as 0.95.</param>
public readonly record struct ConfidenceInterval(double Estimate, double Low, double High, double Level)
{
    public override string ToString() => $"{Estimate:F4} [{Low:F4}, {High:F4}]";
}

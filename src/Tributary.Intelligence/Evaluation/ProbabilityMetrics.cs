namespace Tributary.Intelligence.Evaluation;

/// <summary>How good probabilities are as probabilities: proper scores, lower is better.</summary>
public static class ProbabilityMetrics
{
    /// <summary>The bound that keeps the logarithm of a certain mistake finite: probabilities are taken in [1e-15, 1 − 1e-15].</summary>
    public const double Epsilon = 1e-15;

    /// <summary>The mean of −log of the probability given to what came true, in nats; NaN without rows.</summary>
    /// <param name="probabilities">A probability of the positive class per row.</param>
    /// <param name="labels">A label per row: 1 positive, 0 negative.</param>
    /// <param name="weights">A weight per row; empty for 1 each.</param>
    public static double LogLoss(ReadOnlySpan<double> probabilities, ReadOnlySpan<float> labels, ReadOnlySpan<double> weights = default)
    {
        Check(probabilities, labels, weights);
        double sum = 0, total = 0;
        for (var i = 0; i < probabilities.Length; i++)
        {
            var weight = weights.IsEmpty ? 1 : weights[i];
            var p = Math.Clamp(probabilities[i], Epsilon, 1 - Epsilon);
            sum -= weight * ((labels[i] * Math.Log(p)) + ((1 - labels[i]) * Math.Log(1 - p)));
            total += weight;
        }

        return sum / total;
    }

    /// <summary>The mean squared distance of the probability from what came true (Brier, 1950); NaN without rows.</summary>
    /// <param name="probabilities">A probability of the positive class per row.</param>
    /// <param name="labels">A label per row: 1 positive, 0 negative.</param>
    /// <param name="weights">A weight per row; empty for 1 each.</param>
    public static double BrierScore(ReadOnlySpan<double> probabilities, ReadOnlySpan<float> labels, ReadOnlySpan<double> weights = default)
    {
        Check(probabilities, labels, weights);
        double sum = 0, total = 0;
        for (var i = 0; i < probabilities.Length; i++)
        {
            var weight = weights.IsEmpty ? 1 : weights[i];
            var difference = probabilities[i] - labels[i];
            sum += weight * difference * difference;
            total += weight;
        }

        return sum / total;
    }

    private static void Check(ReadOnlySpan<double> probabilities, ReadOnlySpan<float> labels, ReadOnlySpan<double> weights)
    {
        if (probabilities.Length != labels.Length)
            throw new ArgumentException($"{probabilities.Length} probabilities for {labels.Length} labels.", nameof(labels));
        if (weights.Length != 0 && weights.Length != labels.Length)
            throw new ArgumentException($"{weights.Length} weights for {labels.Length} labels.", nameof(weights));
    }
}

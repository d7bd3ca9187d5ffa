namespace Tributary.Intelligence.Ranking.OffPolicy;

/// <summary>An estimate of what a policy would have earned per choice.</summary>
/// <param name="Value">The estimate.</param>
/// <param name="StandardError">Its standard error, from the spread of the rows (delta method where the estimate is a ratio).</param>
/// <param name="Rows">Choices logged.</param>
/// <param name="EffectiveRows">Kish's effective sample size of the weights, (Σw)² / Σw²; few against <paramref name="Rows"/> means that the two policies differ too much.</param>
/// <param name="MeanWeight">The mean weight; far from one means that the propensities do not belong to the log.</param>
public sealed record OffPolicyEstimate(double Value, double StandardError, int Rows, double EffectiveRows, double MeanWeight)
{
    /// <summary>The 95 % interval of the normal approximation.</summary>
    public (double Low, double High) Interval => (Value - (1.959963984540054 * StandardError), Value + (1.959963984540054 * StandardError));
}

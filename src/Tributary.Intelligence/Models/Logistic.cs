namespace Tributary.Intelligence.Models;

/// <summary>The logistic function and its inverse.</summary>
public static class Logistic
{
    /// <summary>The probability of log-odds: 1 / (1 + e⁻ˣ), within [0, 1] for any number.</summary>
    public static double Probability(double logOdds) => 1 / (1 + Math.Exp(-logOdds));

    /// <summary>The log-odds of a probability, taken within [1e-12, 1 − 1e-12] so that the result is finite.</summary>
    public static double LogOdds(double probability)
    {
        var p = Math.Clamp(probability, 1e-12, 1 - 1e-12);
        return Math.Log(p / (1 - p));
    }
}

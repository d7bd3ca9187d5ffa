namespace Tributary.Intelligence.Ranking.Beliefs;

/// <summary>A belief about a success rate.</summary>
/// <param name="A">Successes, prior included; above zero.</param>
/// <param name="B">Failures, prior included; above zero.</param>
public readonly record struct BetaDistribution(double A, double B)
{
    // Keeps a rate that looks certain open to change, and the shapes finite.
    private const double LeastRate = 1e-4;
    private const double LeastVariance = 1e-9;

    /// <summary>A / (A + B).</summary>
    public double Mean => A / (A + B);

    /// <summary>The variance.</summary>
    public double Variance => A * B / ((A + B) * (A + B) * (A + B + 1));

    /// <summary>The distribution with this mean and variance; a variance that no unimodal Beta has is brought down to the widest one.</summary>
    public static BetaDistribution FromMoments(double mean, double variance)
    {
        mean = Math.Clamp(mean, LeastRate, 1 - LeastRate);
        var strength = (mean * (1 - mean) / Math.Max(variance, LeastVariance)) - 1;

        // Both shapes stay at one or more: the density is bounded, which the integration of propensities counts on.
        strength = Math.Max(strength, 1 / Math.Min(mean, 1 - mean));
        return new BetaDistribution(strength * mean, strength * (1 - mean));
    }

    /// <summary>The log density up to a constant.</summary>
    public double LogDensity(double rate)
    {
        var low = A > 1 ? (A - 1) * Math.Log(rate) : 0;
        return B > 1 ? low + ((B - 1) * Math.Log(1 - rate)) : low;
    }
}

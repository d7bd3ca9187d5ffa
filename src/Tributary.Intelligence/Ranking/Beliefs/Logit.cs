namespace Tributary.Intelligence.Ranking.Beliefs;

/// <summary>Rates as log-odds, where levels add up.</summary>
internal static class Logit
{
    private const double LeastRate = 1e-6;

    public static double Of(double rate)
    {
        rate = Math.Clamp(rate, LeastRate, 1 - LeastRate);
        return Math.Log(rate / (1 - rate));
    }

    public static double Rate(double logit) => 1 / (1 + Math.Exp(-logit));

    /// <summary>A rate at another level.</summary>
    public static double Move(double rate, double offset) => Rate(Of(rate) + offset);
}

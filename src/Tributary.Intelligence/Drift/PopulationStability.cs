namespace Tributary.Intelligence.Drift;

/// <summary>The population stability index, Σ (a − e) ln(a / e) over bins: Jeffreys' divergence of the actual shares from the expected.</summary>
public static class PopulationStability
{
    /// <summary>Added to every bin's count, so that an empty bin is rare and not impossible.</summary>
    private const double Smoothing = 0.5;

    /// <summary>The index of two sets of counts over the same bins; 0 when either has no rows.</summary>
    public static double Compute(ReadOnlySpan<long> expected, ReadOnlySpan<long> actual)
    {
        if (expected.Length != actual.Length)
            throw new ArgumentException($"{actual.Length} bins against {expected.Length}.", nameof(actual));
        double expectedTotal = 0, actualTotal = 0;
        var used = 0;
        for (var bin = 0; bin < expected.Length; bin++)
        {
            expectedTotal += expected[bin];
            actualTotal += actual[bin];
            used += expected[bin] + actual[bin] > 0 ? 1 : 0;
        }

        if (expectedTotal == 0 || actualTotal == 0)
            return 0;
        double sum = 0;
        for (var bin = 0; bin < expected.Length; bin++)
        {
            if (expected[bin] + actual[bin] == 0)
                continue;
            var e = (expected[bin] + Smoothing) / (expectedTotal + (Smoothing * used));
            var a = (actual[bin] + Smoothing) / (actualTotal + (Smoothing * used));
            sum += (a - e) * Math.Log(a / e);
        }

        return sum;
    }

    /// <summary>
    /// What the index exceeds by chance alone once in a thousand times, when nothing drifts: it is then about χ² with bins − 1 degrees of freedom times
    /// (1/n + 1/m) (Yurdakul, 2018). The quantile of χ² is that of Wilson and Hilferty (1931).
    /// </summary>
    public static double ChanceBound(int bins, long expectedRows, long actualRows)
    {
        if (bins < 2 || expectedRows == 0 || actualRows == 0)
            return double.PositiveInfinity;
        const double Normal999 = 3.0902;
        var degrees = bins - 1.0;
        var root = 1 - (2 / (9 * degrees)) + (Normal999 * Math.Sqrt(2 / (9 * degrees)));
        return degrees * root * root * root * ((1.0 / expectedRows) + (1.0 / actualRows));
    }

    /// <summary>The level of an index.</summary>
    public static DriftLevel Level(double index, double chanceBound)
    {
        if (index >= 0.1 && index <= chanceBound)
            return DriftLevel.Unknown;
        return index < 0.1 ? double.IsInfinity(chanceBound) ? DriftLevel.Unknown : DriftLevel.Stable : index < 0.25 ? DriftLevel.Moderate : DriftLevel.Major;
    }
}

using Tributary.Intelligence.Evaluation;

namespace Tributary.Intelligence.Fairness;

/// <summary>Analytic intervals of shares of independent rows.</summary>
public static class Proportions
{
    /// <summary>Wilson's score interval of a share (Wilson, 1927): keeps its coverage near 0 and 1 and for few rows. Without rows it is 0 … 1 around NaN.</summary>
    /// <param name="count">Rows that have the property.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="level">The coverage wanted, such as 0.95.</param>
    public static ConfidenceInterval Wilson(double count, double rows, double level = 0.95)
    {
        if (!(rows > 0))
            return new ConfidenceInterval(double.NaN, 0, 1, level);
        var z = NormalQuantile((1 + level) / 2);
        var (share, square) = (count / rows, z * z);
        var centre = (share + (square / (2 * rows))) / (1 + (square / rows));
        var reach = z / (1 + (square / rows)) * Math.Sqrt((share * (1 - share) / rows) + (square / (4 * rows * rows)));

        // At 0 and at 1 the end is exact; rounding may miss it by an ulp.
        return new ConfidenceInterval(share, count == 0 ? 0 : Math.Max(0, centre - reach), count == rows ? 1 : Math.Min(1, centre + reach), level);
    }

    /// <summary>The difference of two independent shares, first less second, by Newcombe's hybrid of the Wilson intervals (Newcombe, 1998, method 10).</summary>
    public static ConfidenceInterval Difference(double firstCount, double firstRows, double secondCount, double secondRows, double level = 0.95)
    {
        var (first, second) = (Wilson(firstCount, firstRows, level), Wilson(secondCount, secondRows, level));
        var difference = first.Estimate - second.Estimate;
        if (double.IsNaN(difference))
            return new ConfidenceInterval(double.NaN, -1, 1, level);
        var below = Math.Sqrt(Square(first.Estimate - first.Low) + Square(second.High - second.Estimate));
        var above = Math.Sqrt(Square(first.High - first.Estimate) + Square(second.Estimate - second.Low));
        return new ConfidenceInterval(difference, difference - below, difference + above, level);
    }

    /// <summary>
    /// The ratio of two independent shares, first by second, by the normal approximation of its logarithm (Katz et al., 1978). Where a count is zero, one
    /// half is added to each count and one to each number of rows for the interval (Walter, 1975).
    /// </summary>
    public static ConfidenceInterval Ratio(double firstCount, double firstRows, double secondCount, double secondRows, double level = 0.95)
    {
        if (!(firstRows > 0) || !(secondRows > 0))
            return new ConfidenceInterval(double.NaN, 0, double.PositiveInfinity, level);
        var estimate = firstCount / firstRows / (secondCount / secondRows);
        if (firstCount == 0 || secondCount == 0)
            (firstCount, firstRows, secondCount, secondRows) = (firstCount + 0.5, firstRows + 1, secondCount + 0.5, secondRows + 1);
        var log = Math.Log(firstCount / firstRows / (secondCount / secondRows));
        var error = Math.Sqrt(Math.Max(0, (1 / firstCount) - (1 / firstRows) + (1 / secondCount) - (1 / secondRows)));
        var reach = NormalQuantile((1 + level) / 2) * error;
        return new ConfidenceInterval(estimate, Math.Exp(log - reach), Math.Exp(log + reach), level);
    }

    /// <summary>The quantile of the standard normal (Acklam's rational approximation with one step of Newton's method; relative error below 1e-13 for 1e-12 … 1 − 1e-12).</summary>
    public static double NormalQuantile(double probability)
    {
        if (probability is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A quantile is asked for a probability between 0 and 1.");
        const double Low = 0.02425;
        double x;
        if (probability < Low)
            x = Tail(Math.Sqrt(-2 * Math.Log(probability)));
        else if (probability > 1 - Low)
            x = -Tail(Math.Sqrt(-2 * Math.Log(1 - probability)));
        else
            x = Centre(probability - 0.5);

        var error = NormalDistribution(x) - probability;
        var step = error * Math.Sqrt(2 * Math.PI) * Math.Exp(x * x / 2);
        return x - (step / (1 + (x * step / 2)));
    }

    /// <summary>The distribution function of the standard normal.</summary>
    public static double NormalDistribution(double x) => 0.5 * ComplementaryErrorFunction(-x / Math.Sqrt(2));

    private static double Tail(double q)
    {
        var numerator = (((((((((-7.784894002430293e-03 * q) - 3.223964580411365e-01) * q) - 2.400758277161838) * q) - 2.549732539343734) * q) + 4.374664141464968) * q) + 2.938163982698783;
        var denominator = (((((((7.784695709041462e-03 * q) + 3.224671290700398e-01) * q) + 2.445134137142996) * q) + 3.754408661907416) * q) + 1;
        return numerator / denominator;
    }

    private static double Centre(double q)
    {
        var r = q * q;
        var numerator = (((((((((-3.969683028665376e+01 * r) + 2.209460984245205e+02) * r) - 2.759285104469687e+02) * r) + 1.383577518672690e+02) * r) - 3.066479806614716e+01) * r) + 2.506628277459239;
        var denominator = (((((((((-5.447609879822406e+01 * r) + 1.615858368580409e+02) * r) - 1.556989798598866e+02) * r) + 6.680131188771972e+01) * r) - 1.328068155288572e+01) * r) + 1;
        return numerator * q / denominator;
    }

    // A series for small arguments and a continued fraction (Lentz) for large ones: both converge to the last digit.
    private static double ComplementaryErrorFunction(double x)
    {
        if (x < 0)
            return 2 - ComplementaryErrorFunction(-x);
        if (x < 2)
        {
            double term = x, sum = x;
            for (var n = 1; Math.Abs(term) > 1e-17 * sum && n < 200; n++)
            {
                term *= -x * x / n;
                sum += term / ((2 * n) + 1);
            }

            return 1 - (2 / Math.Sqrt(Math.PI) * sum);
        }

        if (x > 27)
            return 0;
        double fraction = 0;
        for (var n = 120; n > 0; n--)
            fraction = n / 2.0 / (x + fraction);
        return Math.Exp(-x * x) / Math.Sqrt(Math.PI) / (x + fraction);
    }

    private static double Square(double value) => value * value;
}

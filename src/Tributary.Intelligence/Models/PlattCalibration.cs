namespace Tributary.Intelligence.Models;

/// <summary>
/// A straight line in log-odds (Platt, 1999): for few rows, or where the order of scores must stay as it is.
/// </summary>
/// <param name="Slope">Not negative.</param>
/// <param name="Intercept">Log-odds.</param>
public sealed record PlattCalibration(double Slope, double Intercept) : ICalibration
{
    private const int MaxSteps = 100;

    /// <summary>
    /// Fits the line by Newton's method to scores of rows that the model was not trained on. Labels are drawn in by Platt's prior, so that a
    /// perfect order of few rows does not give certainty. A slope that would be negative becomes zero.
    /// </summary>
    /// <param name="scores">Probabilities.</param>
    /// <param name="labels">1 positive, 0 negative.</param>
    public static PlattCalibration Fit(ReadOnlySpan<double> scores, ReadOnlySpan<float> labels)
    {
        if (scores.IsEmpty || scores.Length != labels.Length)
            throw new ArgumentException("Scores and labels must be as many, and one or more.", nameof(scores));

        double positives = 0;
        foreach (var label in labels)
            positives += label;
        var (high, low) = ((positives + 1) / (positives + 2), 1 / (labels.Length - positives + 2));
        var (slope, intercept) = (0.0, Logistic.LogOdds((positives + 1) / (labels.Length + 2)));
        var loss = Loss(scores, labels, high, low, slope, intercept);
        for (var step = 0; step < MaxSteps; step++)
        {
            var (slopeStep, interceptStep) = NewtonStep(scores, labels, high, low, slope, intercept);
            var size = 1.0;
            double next;
            while ((next = Loss(scores, labels, high, low, slope + (size * slopeStep), intercept + (size * interceptStep))) > loss && size > 1e-10)
                size /= 2;
            if (!(next < loss - (1e-12 * Math.Abs(loss))))
                break;
            (slope, intercept, loss) = (slope + (size * slopeStep), intercept + (size * interceptStep), next);
        }

        return slope >= 0 ? new PlattCalibration(slope, intercept) : new PlattCalibration(0, Logistic.LogOdds(positives / labels.Length));
    }

    public double Calibrate(double score) => Logistic.Probability((Slope * Logistic.LogOdds(score)) + Intercept);

    private static (double Slope, double Intercept) NewtonStep(
        ReadOnlySpan<double> scores, ReadOnlySpan<float> labels, double high, double low, double slope, double intercept)
    {
        double g0 = 0, g1 = 0, h00 = 1e-10, h01 = 0, h11 = 1e-10;
        for (var i = 0; i < scores.Length; i++)
        {
            var x = Logistic.LogOdds(scores[i]);
            var p = Logistic.Probability((slope * x) + intercept);
            var residual = p - (labels[i] == 1 ? high : low);
            var weight = p * (1 - p);
            g0 += residual * x;
            g1 += residual;
            h00 += weight * x * x;
            h01 += weight * x;
            h11 += weight;
        }

        var determinant = (h00 * h11) - (h01 * h01);
        return determinant > 0
            ? (-((h11 * g0) - (h01 * g1)) / determinant, -((h00 * g1) - (h01 * g0)) / determinant)
            : (0, -g1 / h11);
    }

    private static double Loss(ReadOnlySpan<double> scores, ReadOnlySpan<float> labels, double high, double low, double slope, double intercept)
    {
        double sum = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            var raw = (slope * Logistic.LogOdds(scores[i])) + intercept;
            sum += Math.Max(raw, 0) + Math.Log(1 + Math.Exp(-Math.Abs(raw))) - ((labels[i] == 1 ? high : low) * raw);
        }

        return sum;
    }
}

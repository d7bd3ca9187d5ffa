namespace Tributary.Intelligence.Models;

/// <summary>A map from scores to probabilities that never falls.</summary>
public interface ICalibration
{
    /// <summary>The probability of a score; in [0, 1] for any score that is not NaN.</summary>
    double Calibrate(double score);
}

namespace Tributary.Intelligence.Models;

/// <summary>Which numbers a model may be made of, so that no sum of them overflows and no score is NaN.</summary>
internal static class Magnitude
{
    /// <summary>Far beyond any model, far below the range of a double.</summary>
    public const double Greatest = 1e100;

    public static bool IsUsable(double value) => Math.Abs(value) <= Greatest;
}

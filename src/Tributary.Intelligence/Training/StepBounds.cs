namespace Tributary.Intelligence.Training;

/// <summary>Between which a leaf's step must stay, so that a monotone constraint above it holds for every leaf below.</summary>
internal readonly record struct StepBounds(double Lowest, double Highest)
{
    public static readonly StepBounds Unbounded = new(double.NegativeInfinity, double.PositiveInfinity);
}

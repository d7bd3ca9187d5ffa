namespace Tributary.Intelligence.Features.Planning;

/// <summary>A condition: a feature's place in a row, and the threshold.</summary>
internal readonly record struct ConditionPlan(int Feature, bool AtLeast, double Threshold)
{
    /// <summary>True when the payment meets it; a missing value does not.</summary>
    public bool Holds(ReadOnlySpan<float> row) => AtLeast ? row[Feature] >= Threshold : row[Feature] < Threshold;
}

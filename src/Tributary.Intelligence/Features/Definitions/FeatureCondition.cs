namespace Tributary.Intelligence.Features.Definitions;

/// <summary>Which payments a feature counts: those for which another feature passed a threshold when they were made.</summary>
/// <param name="Feature">The name of a feature defined above that does not include the payment itself.</param>
/// <param name="AtLeast">True for "at least the threshold", false for "below it"; a missing value passes neither.</param>
/// <param name="Threshold">The threshold.</param>
public sealed record FeatureCondition(string Feature, bool AtLeast, double Threshold);

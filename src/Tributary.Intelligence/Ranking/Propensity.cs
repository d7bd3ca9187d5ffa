namespace Tributary.Intelligence.Ranking;

/// <summary>How likely an option was to be chosen, as logged for off-policy evaluation.</summary>
/// <param name="Option">The rail or method.</param>
/// <param name="Probability">The probability at the time of the choice.</param>
public readonly record struct Propensity(string Option, double Probability);

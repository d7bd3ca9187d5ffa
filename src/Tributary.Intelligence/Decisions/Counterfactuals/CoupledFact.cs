namespace Tributary.Intelligence.Decisions.Counterfactuals;

/// <summary>A fact that says the same as a feature, such as an amount in cents beside an amount as a number: both change together.</summary>
/// <param name="Feature">The feature, in the major unit.</param>
/// <param name="Fact">The whole-number fact.</param>
public sealed record CoupledFact(string Feature, string Fact);

using Tributary.Intelligence.Policy;

namespace Tributary.Intelligence.Decisions.Counterfactuals;

/// <summary>A change of one feature after which the payment would have passed. For analysts; to a card tester it would be an oracle.</summary>
/// <param name="Feature">The feature.</param>
/// <param name="From">What it was.</param>
/// <param name="To">The nearest value found, with which the decision was taken again.</param>
/// <param name="Verdict">The verdict of that decision.</param>
/// <param name="Score">The score of that decision; NaN for none.</param>
public sealed record VerdictCounterfactual(string Feature, float From, float To, Verdict Verdict, double Score);

using System.Collections.Immutable;

namespace Tributary.Intelligence.Explanations;

/// <summary>What would have had to be different for the score to stay below the threshold; found by scoring, not by reasoning about the model.</summary>
/// <param name="Changes">The changes, all needed together.</param>
/// <param name="Score">The score of the changed row: below the threshold.</param>
/// <param name="Text">A sentence.</param>
public sealed record Counterfactual(ImmutableArray<CounterfactualChange> Changes, double Score, string Text);

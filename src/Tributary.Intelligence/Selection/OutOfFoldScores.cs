namespace Tributary.Intelligence.Selection;

/// <summary>What a candidate says about rows that it was not trained on, in one repetition of a cross-validation.</summary>
/// <param name="Probabilities">A probability per row, from the fold that left it out.</param>
/// <param name="Rounds">The rounds of boosting that were best; 0 for a candidate without rounds.</param>
public sealed record OutOfFoldScores(double[] Probabilities, int Rounds);

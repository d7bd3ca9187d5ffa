namespace Tributary.Intelligence.Evaluation;

/// <summary>A metric of ranking under weights per row, such as <c>(outcomes, weights) => outcomes.RocAuc(weights)</c>.</summary>
/// <param name="outcomes">The rows.</param>
/// <param name="weights">A weight per row, in the order in which the rows were given; empty for 1 each.</param>
public delegate double WeightedMetric(RankedOutcomes outcomes, ReadOnlySpan<double> weights);

using System.Collections.Immutable;
using Tributary.Intelligence.Data;
using Tributary.Intelligence.Models;

namespace Tributary.Intelligence.Protocols.Handbook;

/// <summary>A fold with its model, its scores and what came true, for reports and tests.</summary>
/// <param name="Result">The metrics.</param>
/// <param name="Model">The model.</param>
/// <param name="Features">The features of the rows tested.</param>
/// <param name="Rows">The rows tested, by their place in the payments.</param>
/// <param name="Scores">A score per row tested.</param>
/// <param name="Labels">A label per row tested: 1 for fraud.</param>
public sealed record ScoredFold(
    HandbookFoldResult Result, IModel Model, FeatureMatrix Features, ImmutableArray<int> Rows, ImmutableArray<double> Scores, ImmutableArray<float> Labels);

using System.Collections.Immutable;
using Tributary.Intelligence.Models;

namespace Tributary.Intelligence.Selection;

/// <summary>What a selection found.</summary>
/// <param name="Candidates">Every candidate and blend, the best first.</param>
/// <param name="Chosen">The one chosen: the simplest family that is within one standard error of the best, and the best of that family.</param>
/// <param name="Model">The chosen one, trained on all rows.</param>
/// <param name="OutOfFoldScores">What the chosen one said about each row when trained without it, averaged over repetitions: for calibration.</param>
public sealed record SelectionResult(ImmutableArray<CandidateResult> Candidates, CandidateResult Chosen, IModel Model, double[] OutOfFoldScores);

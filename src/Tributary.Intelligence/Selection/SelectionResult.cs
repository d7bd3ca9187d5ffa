using System.Collections.Immutable;
using Tributary.Intelligence.Models;

namespace Tributary.Intelligence.Selection;

/// <summary>What a selection found.</summary>
/// <param name="Candidates">Every candidate and blend, the best first.</param>
/// <param name="Chosen">The one chosen: the best of the simplest family that is as good as the best, as the options' parsimony sees it.</param>
/// <param name="Plainest">
/// The best of the simplest family within one standard error of the best single candidate: what to take where one model that explains itself is wanted,
/// and the family that wins on these rows when blends are left aside.
/// </param>
/// <param name="Model">The chosen one, trained on all rows.</param>
/// <param name="OutOfFoldScores">What the chosen one said about each row when trained without it, averaged over repetitions: for calibration.</param>
public sealed record SelectionResult(ImmutableArray<CandidateResult> Candidates, CandidateResult Chosen, CandidateResult Plainest, IModel Model, double[] OutOfFoldScores);

using System.Collections.Immutable;

namespace Tributary.Intelligence.Decisions.Rights;

/// <summary>One decision about a person, in terms that a person understands.</summary>
/// <param name="Reference">The decision's number.</param>
/// <param name="At">When it was taken.</param>
/// <param name="Point">Where in the payment's life.</param>
/// <param name="Verdict">What was decided.</param>
/// <param name="Category">What the person was told.</param>
/// <param name="Consequence">What it meant for the payment.</param>
/// <param name="Rule">The condition that decided, as the merchant wrote it; null where none did.</param>
/// <param name="RuleReason">The merchant's words for it.</param>
/// <param name="Data">The data that were processed: name and value.</param>
/// <param name="Score">The score, 0 to 1; null where there was none.</param>
/// <param name="Model">The model that gave it.</param>
/// <param name="Factors">What raised and lowered the score most, in sentences.</param>
/// <param name="Remarks">What was out of the ordinary.</param>
/// <param name="Outcome">What is held to have become of the payment; null when nothing was reported.</param>
/// <param name="Contests">What persons decided when the decision was contested.</param>
public sealed record ExportedDecision(
    string Reference,
    DateTimeOffset At,
    string Point,
    string Verdict,
    string Category,
    string Consequence,
    string? Rule,
    string? RuleReason,
    ImmutableArray<ExportedValue> Data,
    double? Score,
    string? Model,
    ImmutableArray<string> Factors,
    ImmutableArray<string> Remarks,
    string? Outcome,
    ImmutableArray<string> Contests);

using System.Collections.Immutable;

namespace Tributary.Intelligence.Policy;

/// <summary>One rule of a policy, as analysts, reports and exports see it.</summary>
/// <param name="Index">Its place among the rules of the policy, from zero.</param>
/// <param name="Line">The line that it begins on.</param>
/// <param name="Points">The decision points that it is for.</param>
/// <param name="Verdict">What it decides.</param>
/// <param name="IsShadow">True when it only counts what it would have decided.</param>
/// <param name="IsOtherwise">True for the verdict that holds where no rule decides.</param>
/// <param name="Condition">The condition as written, on one line; empty for <c>otherwise</c>.</param>
/// <param name="Because">The analyst's words for it, or null.</param>
/// <param name="Category">What the payer is told.</param>
/// <param name="Attributes">The attributes that it reads, in order of their names.</param>
/// <param name="ReadsScore">True when the model's score is among them.</param>
public sealed record PolicyRule(
    int Index,
    int Line,
    ImmutableArray<DecisionPoint> Points,
    Verdict Verdict,
    bool IsShadow,
    bool IsOtherwise,
    string Condition,
    string? Because,
    PayerCategory Category,
    ImmutableArray<string> Attributes,
    bool ReadsScore);

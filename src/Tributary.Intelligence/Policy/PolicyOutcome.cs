namespace Tributary.Intelligence.Policy;

/// <summary>What a policy says about one decision.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Rule">The index of the rule that decided; −1 where no rule did and the policy says nothing else.</param>
/// <param name="ColdStartRule">The rule that fired by the score alone while the model may only inform: it was turned into a review (or, if it allows, passed over); −1 for none.</param>
/// <param name="UndeterminedRules">Rules before the deciding one that a missing value left undetermined, and that therefore did not fire.</param>
/// <param name="FirstUndeterminedRule">The first of them; −1 for none.</param>
/// <param name="ShadowVerdict">The verdict if the policy's shadow rules acted; equal to <paramref name="Verdict"/> where it has none.</param>
/// <param name="ShadowRule">The rule that would have decided then.</param>
public readonly record struct PolicyOutcome(
    Verdict Verdict, int Rule, int ColdStartRule, int UndeterminedRules, int FirstUndeterminedRule, Verdict ShadowVerdict, int ShadowRule);

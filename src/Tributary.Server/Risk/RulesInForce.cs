using System.Collections.Immutable;
using Tributary.Intelligence.Policy;

namespace Tributary.Server.Risk;

/// <summary>What judges now, for people to read.</summary>
/// <param name="Policy">The policy's name; null where it has none.</param>
/// <param name="IsDefault">It is the server's own, as the operator has written none.</param>
/// <param name="Rules">Its rules, in the order in which they are asked.</param>
/// <param name="Budget">The time that a decision about a payment may take, and what happens then.</param>
/// <param name="Model">The model's name; null where rules judge alone.</param>
/// <param name="ModelDecides">The model's score may block and step up; otherwise it informs, and sends to a person at most.</param>
/// <param name="BadOutcomes">Bad outcomes that were confirmed so far.</param>
/// <param name="BadOutcomesRequired">So many make the model decide.</param>
public sealed record RulesInForce(
    string? Policy, bool IsDefault, ImmutableArray<PolicyRule> Rules, DecisionBudget Budget, string? Model, bool ModelDecides, int BadOutcomes, int BadOutcomesRequired);

using System.Collections.Immutable;
using Tributary.Intelligence.Policy.Evaluation;

namespace Tributary.Intelligence.Policy.Binding;

/// <summary>A policy after type checking.</summary>
/// <param name="Rules">The rules.</param>
/// <param name="Conditions">A condition per rule.</param>
/// <param name="Budgets">A budget per decision point.</param>
internal sealed record BoundPolicy(ImmutableArray<PolicyRule> Rules, ImmutableArray<TruthNode> Conditions, DecisionBudget[] Budgets);

using Tributary.Intelligence.Evaluation;
using Tributary.Intelligence.Policy;

namespace Tributary.Intelligence.Decisions.Backtesting;

/// <summary>What one rule met.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Decided">Payments that it decided, or would have if it were no shadow rule.</param>
/// <param name="Precision">The share of bad ones among those whose outcome is known, with Wilson's 95 % interval.</param>
public sealed record RuleReport(PolicyRule Rule, OutcomeCounts Decided, ConfidenceInterval Precision);

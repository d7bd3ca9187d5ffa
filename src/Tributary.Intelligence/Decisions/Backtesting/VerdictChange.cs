using Tributary.Intelligence.Policy;

namespace Tributary.Intelligence.Decisions.Backtesting;

/// <summary>Payments that would have been decided otherwise.</summary>
/// <param name="From">What was decided.</param>
/// <param name="To">What the policy would have decided.</param>
/// <param name="Payments">How many, by what became of them.</param>
public sealed record VerdictChange(Verdict From, Verdict To, OutcomeCounts Payments);

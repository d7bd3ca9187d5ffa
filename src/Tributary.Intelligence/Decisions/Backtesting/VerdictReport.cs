using Tributary.Intelligence.Policy;

namespace Tributary.Intelligence.Decisions.Backtesting;

/// <summary>Payments of one verdict.</summary>
public sealed record VerdictReport(Verdict Verdict, OutcomeCounts Payments);

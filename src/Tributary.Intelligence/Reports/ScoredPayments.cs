using System.Collections.Immutable;

namespace Tributary.Intelligence.Reports;

/// <summary>Payments tested, with what was said of them and what came true.</summary>
/// <param name="Scores">The probability of fraud.</param>
/// <param name="Labels">1 for fraud.</param>
/// <param name="AmountsMinor">The amounts in minor units.</param>
public sealed record ScoredPayments(ImmutableArray<double> Scores, ImmutableArray<float> Labels, ImmutableArray<long> AmountsMinor);

using System.Collections.Immutable;

namespace Tributary.Intelligence.Decisions.Backtesting;

/// <summary>What a policy does to payments, in figures.</summary>
/// <param name="Verdicts">Payments by verdict.</param>
/// <param name="FalseBlocksPerThousand">Good payments blocked, per 1,000 good payments.</param>
/// <param name="BadStoppedShare">Bad payments blocked or sent to review, of all bad payments.</param>
/// <param name="NetValue">Loss avoided less margin lost less cost of reviews, in minor units, against letting everything pass; null without an amount.</param>
public sealed record PolicyFigures(ImmutableArray<VerdictReport> Verdicts, double FalseBlocksPerThousand, double BadStoppedShare, long? NetValue);

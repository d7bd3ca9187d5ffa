using System.Collections.Immutable;

namespace Tributary.Intelligence.Protocols.Handbook;

/// <summary>A run of the protocol: what it showed, and all that plots and reasons are made of.</summary>
/// <param name="Report">The figures.</param>
/// <param name="Payments">The payments of the file.</param>
/// <param name="Folds">The folds with their models and scores.</param>
public sealed record HandbookRun(HandbookReport Report, HandbookPayments Payments, ImmutableArray<ScoredFold> Folds);

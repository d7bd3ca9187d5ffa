using System.Collections.Immutable;

namespace Tributary.Intelligence.Ranking;

/// <summary>The order in which payment methods are offered to one shopper.</summary>
/// <param name="Sequence">The ranker's number of the ranking, from 1.</param>
/// <param name="At">When it was made.</param>
/// <param name="Segment">The segment that it was made for.</param>
/// <param name="Shopper">The shopper's pseudonym, or null.</param>
/// <param name="Order">The methods, the one to offer first in front.</param>
/// <param name="FirstPropensities">How likely each method was to come first; they sum to one.</param>
/// <param name="PropensityError">A bound on the numerical error of any of them.</param>
public sealed record MethodRanking(
    ulong Sequence,
    DateTimeOffset At,
    string Segment,
    string? Shopper,
    ImmutableArray<string> Order,
    ImmutableArray<Propensity> FirstPropensities,
    double PropensityError);

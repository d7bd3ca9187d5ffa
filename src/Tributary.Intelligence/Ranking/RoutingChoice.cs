using System.Collections.Immutable;

namespace Tributary.Intelligence.Ranking;

/// <summary>One routing decision, complete enough to be journalled, replayed and evaluated off policy.</summary>
/// <param name="Sequence">The router's number of the choice, from 1.</param>
/// <param name="At">When it was made.</param>
/// <param name="Segment">The segment that it was made for.</param>
/// <param name="Shopper">The shopper's pseudonym, or null.</param>
/// <param name="Rail">The rail chosen.</param>
/// <param name="Propensities">How likely each offered rail was to be chosen; they sum to one.</param>
/// <param name="PropensityError">A bound on the numerical error of any of them.</param>
public sealed record RoutingChoice(
    ulong Sequence, DateTimeOffset At, string Segment, string? Shopper, string Rail, ImmutableArray<Propensity> Propensities, double PropensityError);

using System.Collections.Immutable;
using System.Globalization;
using Tributary.Intelligence.Journal.Entries;
using Tributary.Intelligence.Ranking;

namespace Tributary.Intelligence.Decisions.Rights;

/// <summary>What was offered to one person, from the entries of the journal in their order.</summary>
/// <param name="pseudonyms">The person's pseudonyms.</param>
internal sealed class OfferHistory(IReadOnlySet<string> pseudonyms)
{
    private readonly List<ExportedOffer> _offers = [];
    private readonly Dictionary<ulong, int> _rankings = [];
    private readonly Dictionary<ulong, int> _choices = [];

    public void Take(JournalEntry? entry)
    {
        switch (entry)
        {
            case MethodRankingEntry { Ranking: var ranking } when IsTheirs(ranking.Shopper):
                _rankings[ranking.Sequence] = _offers.Count;
                _offers.Add(new ExportedOffer(ranking.At, ranking.Segment, ranking.Order, Chances(ranking.FirstPropensities), Outcome: null));
                break;
            case RoutingChoiceEntry { Choice: var choice } when IsTheirs(choice.Shopper):
                _choices[choice.Sequence] = _offers.Count;
                _offers.Add(new ExportedOffer(choice.At, choice.Segment, [choice.Rail], Chances(choice.Propensities), Outcome: null));
                break;

            // Numbers begin anew with a new ranker: an outcome belongs to the last ranking of its number, and to no other one of it.
            case MethodRankingEntry { Ranking: var ranking }:
                _rankings.Remove(ranking.Sequence);
                break;
            case RoutingChoiceEntry { Choice: var choice }:
                _choices.Remove(choice.Sequence);
                break;
            case RankingOutcomeEntry outcome when _rankings.TryGetValue(outcome.Ranking, out var at):
                _offers[at] = _offers[at] with { Outcome = outcome.PaidWith is { } method ? $"paid with {method}" : "not paid" };
                break;
            case RoutingOutcomeEntry outcome when _choices.TryGetValue(outcome.Choice, out var at):
                _offers[at] = _offers[at] with { Outcome = outcome.Succeeded ? "went through" : "did not go through" };
                break;
        }
    }

    public ImmutableArray<ExportedOffer> ToExport() => [.. _offers];

    private bool IsTheirs(string? shopper) => shopper is not null && pseudonyms.Contains(shopper);

    private static ImmutableArray<ExportedValue> Chances(ImmutableArray<Propensity> propensities) =>
        [.. propensities.Select(static propensity => new ExportedValue(propensity.Option, propensity.Probability.ToString("P1", CultureInfo.InvariantCulture)))];
}

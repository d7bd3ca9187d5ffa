using Tributary.Intelligence.Privacy;
using Tributary.Intelligence.Ranking;
using Tributary.Intelligence.Ranking.Sampling;
using Tributary.Intelligence.Ranking.Simulation;
using Tributary.Primitives.Randomness;

namespace Tributary.Intelligence.Tests.Ranking;

public sealed class MethodRankerTests
{
    private static readonly string[] Methods = ["lightning", "card", "transfer"];

    [Fact]
    public void A_shopper_who_always_picks_one_method_is_offered_it_first_and_others_are_not()
    {
        var ranker = new MethodRanker(BanditSettings.Default, new SimulatedClock(), new Xoshiro256(1));
        var variates = new Variates(new Xoshiro256(4));
        for (var i = 0; i < 1_500; i++)
        {
            var shopper = Shopper(i % 50);
            var ranking = ranker.Rank("de", shopper, Methods).Value;
            ranker.Report(ranking, i % 50 == 7 ? "transfer" : variates.NextUniform() < 0.8 ? "card" : null);
        }

        Assert.True(First(Shopper(7), "transfer") > 80);
        Assert.True(First(Shopper(8), "card") > 80);
        Assert.True(First(null, "card") > 80);

        int First(string? shopper, string method) =>
            Enumerable.Range(0, 100).Count(_ => ranker.Rank("de", shopper, Methods).Value.Order[0].Equals(method, StringComparison.Ordinal));
    }

    [Fact]
    public void A_ranking_holds_every_method_once_and_propensities_that_sum_to_one()
    {
        var ranker = new MethodRanker(BanditSettings.Default, new SimulatedClock(), new Xoshiro256(2));
        var ranking = ranker.Rank("de", shopper: null, Methods).Value;
        Assert.Equal(Methods.Order(StringComparer.Ordinal), ranking.Order.Order(StringComparer.Ordinal));
        Assert.Equal(1, ranking.FirstPropensities.Sum(p => p.Probability), 12);
        Assert.True(ranking.PropensityError < 1e-2);
    }

    [Fact]
    public void An_outcome_counts_once_and_a_method_that_was_not_offered_teaches_nothing_about_the_shopper()
    {
        var ranker = new MethodRanker(BanditSettings.Default, new SimulatedClock(), new Xoshiro256(2));
        var ranking = ranker.Rank("de", Shopper(1), Methods).Value;
        Assert.True(ranker.Report(ranking, "cash"));
        Assert.False(ranker.Report(ranking, "card"));
    }

    [Fact]
    public void A_journal_of_rankings_and_outcomes_rebuilds_the_ranker()
    {
        var clock = new SimulatedClock();
        var original = new MethodRanker(BanditSettings.Default, clock, new Xoshiro256(2));
        var restored = new MethodRanker(BanditSettings.Default, clock, new Xoshiro256(3));
        for (var i = 0; i < 200; i++)
        {
            clock.MoveTo(TimeSpan.FromSeconds(i * 31));
            var ranking = original.Rank("de", Shopper(i % 5), Methods).Value;
            var paidWith = i % 3 == 0 ? null : Methods[i % 3];
            original.Report(ranking, paidWith);
            restored.RestoreRanking(ranking);
            Assert.True(restored.RestoreOutcome(ranking, paidWith, clock.GetUtcNow()));
        }

        Assert.Equal(
            original.Rank("de", Shopper(1), Methods).Value.FirstPropensities.AsEnumerable(),
            restored.Rank("de", Shopper(1), Methods).Value.FirstPropensities.AsEnumerable());
    }

    private static string Shopper(int number) => Pseudonym.OfNumber((ulong)number).ToString();
}

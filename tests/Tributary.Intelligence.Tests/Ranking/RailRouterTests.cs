using Tributary.Intelligence.Privacy;
using Tributary.Intelligence.Ranking;
using Tributary.Intelligence.Ranking.Sampling;
using Tributary.Intelligence.Ranking.Simulation;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Randomness;

namespace Tributary.Intelligence.Tests.Ranking;

public sealed class RailRouterTests
{
    private static readonly RailOffer[] Three = [RailOffer.Named("lightning"), RailOffer.Named("rollup"), RailOffer.Named("card")];

    [Fact]
    public void A_rail_that_fails_is_left_within_a_few_failures_and_found_again_after_it_recovers()
    {
        var (router, clock) = Create();
        var variates = new Variates(new Xoshiro256(3));
        double[] rates = [0.97, 0.85, 0.8];
        Play(2_000);
        Assert.True(Play(300)[0] > 280);

        rates[0] = 0;
        var failures = 0;
        for (var i = 0; i < 200; i++)
        {
            clock.MoveTo(clock.GetUtcNow().TimeOfDay + TimeSpan.FromSeconds(1));
            var choice = router.Choose("de", Three).Value;
            var rail = Array.FindIndex(Three, offer => string.Equals(offer.Rail, choice.Rail, StringComparison.Ordinal));
            failures += rail == 0 ? 1 : 0;
            router.Report(choice, variates.NextUniform() < rates[rail]);
        }

        // A few until it is left, and probes at growing intervals.
        Assert.InRange(failures, 2, 20);
        Assert.True(router.Health()[0].Availability.Up < 0.5);

        rates[0] = 0.97;
        Play(1_000);
        Assert.True(Play(300)[0] > 250);

        int[] Play(int payments)
        {
            var counts = new int[3];
            for (var i = 0; i < payments; i++)
            {
                clock.MoveTo(clock.GetUtcNow() - new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) + TimeSpan.FromSeconds(1));
                var choice = router.Choose("de", Three).Value;
                var rail = Array.FindIndex(Three, offer => string.Equals(offer.Rail, choice.Rail, StringComparison.Ordinal));
                counts[rail]++;
                Assert.True(router.Report(choice, variates.NextUniform() < rates[rail]));
            }

            return counts;
        }
    }

    [Fact]
    public void An_outage_of_one_segment_leaves_the_others_alone()
    {
        var (router, _) = Create();
        for (var i = 0; i < 3_000; i++)
        {
            var segment = i % 2 == 0 ? "de" : "fr";
            var choice = router.Choose(segment, Three).Value;
            var works = choice.Rail is not "lightning" || segment is "fr" || i < 2_000;
            router.Report(choice, works && (choice.Rail is "lightning" ? i % 20 != 7 : i % 3 != 1));
        }

        var counts = new Dictionary<string, int>(StringComparer.Ordinal) { ["de"] = 0, ["fr"] = 0 };
        for (var i = 0; i < 200; i++)
        {
            var segment = i % 2 == 0 ? "de" : "fr";
            var choice = router.Choose(segment, Three).Value;
            counts[segment] += choice.Rail is "lightning" ? 1 : 0;
        }

        Assert.True(counts["fr"] > 80, $"fr {counts["fr"]}");
        Assert.True(counts["de"] < 20, $"de {counts["de"]}");
    }

    [Fact]
    public void An_outcome_counts_once_and_not_when_it_is_too_late()
    {
        var (router, _) = Create(BanditSettings.Default with { MaxPending = 4 });
        var first = router.Choose("de", Three).Value;
        Assert.True(router.Report(first, succeeded: true));
        Assert.False(router.Report(first, succeeded: true));
        Assert.False(router.Report(first with { Sequence = 99 }, succeeded: true));
        Assert.False(router.Report(first with { Sequence = 0 }, succeeded: true));
        var late = router.Choose("de", Three).Value;
        for (var i = 0; i < 4; i++)
            router.Choose("de", Three);
        Assert.False(router.Report(late, succeeded: true));
    }

    [Fact]
    public void A_journal_of_choices_and_outcomes_rebuilds_the_router()
    {
        var (original, clock) = Create();
        var log = new List<(RoutingChoice Choice, bool Succeeded, DateTimeOffset At)>();
        for (var i = 0; i < 500; i++)
        {
            clock.MoveTo(TimeSpan.FromSeconds(17 * i));
            var choice = original.Choose(i % 3 == 0 ? "de" : "fr", Three, i % 5 == 0 ? Shopper(i % 7) : null).Value;
            var succeeded = i % 4 != 0;
            original.Report(choice, succeeded);
            log.Add((choice, succeeded, clock.GetUtcNow()));
        }

        var restored = new RailRouter(BanditSettings.Default, clock, new Xoshiro256(5));
        foreach (var (choice, succeeded, at) in log)
        {
            restored.RestoreChoice(choice);
            Assert.True(restored.RestoreOutcome(choice, succeeded, at));
        }

        Assert.Equal(original.Health(), restored.Health());
        var before = original.Choose("de", Three, Shopper(0)).Value;
        var after = restored.Choose("de", Three, Shopper(0)).Value;
        Assert.Equal(before.Propensities.AsEnumerable(), after.Propensities.AsEnumerable());
        Assert.Equal(before.Sequence, after.Sequence);
    }

    [Fact]
    public void Choices_are_drawn_with_the_logged_propensities()
    {
        var (router, _) = Create();
        for (var i = 0; i < 60; i++)
        {
            var warm = router.Choose("de", Three).Value;
            router.Report(warm, i % 6 != 0);
        }

        // Without outcomes only the passing ticks move the beliefs, and 4,000 of them move little.
        var counts = new double[3];
        var expected = new double[3];
        for (var i = 0; i < 4_000; i++)
        {
            var choice = router.Choose("de", Three).Value;
            for (var j = 0; j < 3; j++)
            {
                expected[j] += choice.Propensities[j].Probability;
                counts[j] += string.Equals(choice.Rail, Three[j].Rail, StringComparison.Ordinal) ? 1 : 0;
            }
        }

        for (var j = 0; j < 3; j++)
            Assert.Equal(expected[j], counts[j], 4.5 * Math.Sqrt(1 + (expected[j] * (1 - (expected[j] / 4_000)))));
    }

    [Fact]
    public void A_fee_decides_between_rails_that_succeed_alike()
    {
        var (router, _) = Create();
        RailOffer[] offers = [new("dear", new MilliSatoshis(97_000), new MilliSatoshis(0)), new("cheap", new MilliSatoshis(100_000), new MilliSatoshis(0))];
        var cheap = 0;
        for (var i = 0; i < 2_000; i++)
        {
            var choice = router.Choose("de", offers).Value;
            router.Report(choice, i % 20 != 0);
            cheap += i >= 1_000 && choice.Rail is "cheap" ? 1 : 0;
        }

        Assert.True(cheap > 850, $"{cheap}");
    }

    [Fact]
    public void Offers_that_cannot_be_ranked_are_refused_with_their_place()
    {
        var (router, _) = Create(BanditSettings.Default with { MaxArms = 3 });
        Assert.Equal("offers", router.Choose("de", []).Error.Field);
        Assert.Equal("segment", router.Choose("", Three).Error.Field);
        Assert.Equal("segment", router.Choose(new string('x', 201), Three).Error.Field);
        Assert.Equal("shopper", router.Choose("de", Three, "").Error.Field);
        Assert.Equal("shopper", router.Choose("de", Three, "anna@example.org").Error.Field);
        Assert.Equal("offers[1]", router.Choose("de", [Three[0], Three[0]]).Error.Field);
        Assert.Equal("offers[0].net_on_success", router.Choose("de", [Three[0] with { NetOnSuccess = MilliSatoshis.Zero }]).Error.Field);
        Assert.Equal("offers[0].cost_of_attempt", router.Choose("de", [Three[0] with { CostOfAttempt = new MilliSatoshis(-1) }]).Error.Field);
        Assert.Equal("offers", router.Choose("de", [.. Three, RailOffer.Named("d")]).Error.Field);
        Assert.True(router.Choose("de", Three).IsOk);
        Assert.Equal("offers[0]", router.Choose("de", [RailOffer.Named("d")]).Error.Field);
    }

    [Fact]
    public void Segments_and_shoppers_beyond_the_bound_are_forgotten_and_the_router_goes_on()
    {
        var (router, _) = Create(BanditSettings.Default with { MaxSegments = 8, MaxShoppers = 8 });
        for (var i = 0; i < 500; i++)
        {
            var choice = router.Choose("s" + i, Three, Shopper(i)).Value;
            Assert.True(router.Report(choice, succeeded: true));
        }
    }

    [Fact]
    public void A_clock_that_runs_backwards_does_no_harm()
    {
        var (router, clock) = Create();
        clock.MoveTo(TimeSpan.FromDays(2));
        var choice = router.Choose("de", Three).Value;
        clock.MoveTo(TimeSpan.FromDays(1));
        Assert.True(router.Report(choice, succeeded: false));
        Assert.Equal(1, router.Choose("de", Three).Value.Propensities.Sum(p => p.Probability), 1e-9);
    }

    private static (RailRouter Router, SimulatedClock Clock) Create(BanditSettings? settings = null)
    {
        var clock = new SimulatedClock();
        return (new RailRouter(settings ?? BanditSettings.Default, clock, new Xoshiro256(1)), clock);
    }

    private static string Shopper(int number) => Pseudonym.OfNumber((ulong)number).ToString();
}

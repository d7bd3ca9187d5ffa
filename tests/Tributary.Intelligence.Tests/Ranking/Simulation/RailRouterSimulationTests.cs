using Tributary.Intelligence.Ranking;
using Tributary.Intelligence.Ranking.Simulation;
using Tributary.Primitives.Randomness;

namespace Tributary.Intelligence.Tests.Ranking.Simulation;

/// <summary>docs/intelligence/routing-simulator.md: the goal is a mean gap share of .86 over the seeds 101 … 120.</summary>
public sealed class RailRouterSimulationTests
{
    private const int LastSeedByDefault = 105;
    private const int LastSeedOfCampaign = 120;

    // The draws do not depend on it.
    private static readonly BanditSettings Settings = BanditSettings.Default with { LogPropensities = false };

    [Fact]
    public void The_router_closes_the_documented_share_of_the_gap()
    {
        var campaign = Environment.GetEnvironmentVariable("TRIBUTARY_CAMPAIGN") is { Length: > 0 };
        var seeds = Enumerable.Range(101, (campaign ? LastSeedOfCampaign : LastSeedByDefault) - 100).Select(seed => (ulong)seed);
        var report = RoutingStudy.Run(RoutingWorldSettings.Documented, BanditSettings.Default, seeds, progress: null, TestContext.Current.CancellationToken);
        Assert.True(report.RouterMean >= 0.86, report.ToText());
        Assert.True(report.RouterMean > report.BaselineMean, report.ToText());
    }

    [Fact]
    public void In_a_world_that_stands_still_the_router_settles_on_the_best()
    {
        var still = RoutingWorldSettings.Documented with
        {
            PaymentCount = 15_000,
            SegmentShares = [1.0],
            CommonDrift = (0, TimeSpan.FromDays(1)),
            SegmentDrift = (0, TimeSpan.FromDays(1)),
            Steps = (TimeSpan.FromDays(10_000), 0),
            MeanUptime = TimeSpan.FromDays(10_000),
        };
        var shares = Enumerable.Range(1, 3).Select(seed => RoutingSimulation.Run(
            new RoutingWorld(still, (ulong)seed), new RailRouterStrategy(Settings, processors: 5, new Xoshiro256((ulong)seed))).GapShare);
        Assert.True(shares.Average() > 0.9);
    }
}

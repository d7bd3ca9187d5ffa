using System.Collections.Immutable;
using Tributary.Intelligence.Ranking.Sampling;
using Tributary.Primitives.Randomness;

namespace Tributary.Intelligence.Ranking.Simulation;

/// <summary>Plays the router and the usual baseline through the same worlds: the figures of docs/intelligence/routing-simulator.md.</summary>
public static class RoutingStudy
{
    /// <summary>The seed of the baseline's draws is the run's and this.</summary>
    public const ulong BaselineSeedOffset = 1_000_000;

    /// <summary>The seed of the router's draws is the run's and this.</summary>
    public const ulong RouterSeedOffset = 2_000_000;

    private const int BaselineWindow = 100;
    private const double BaselineHedging = 0.05;

    /// <summary>Runs every seed; deterministic.</summary>
    /// <param name="world">The constants of the world.</param>
    /// <param name="bandit">The constants of the router; propensities are left out.</param>
    /// <param name="seeds">The seeds.</param>
    /// <param name="progress">Told each run as it ends.</param>
    /// <param name="cancellationToken">Ends the study between runs.</param>
    public static RoutingStudyReport Run(
        RoutingWorldSettings world, BanditSettings bandit, IEnumerable<ulong> seeds, IProgress<RoutingStudyRun>? progress, CancellationToken cancellationToken) =>
        Run(seed => new RoutingWorld(world, seed), bandit, seeds, progress, cancellationToken);

    /// <summary>Runs every seed; deterministic.</summary>
    /// <param name="world">The world of a seed, new at each call.</param>
    /// <param name="bandit">The constants of the router; propensities are left out.</param>
    /// <param name="seeds">The seeds.</param>
    /// <param name="progress">Told each run as it ends.</param>
    /// <param name="cancellationToken">Ends the study between runs.</param>
    public static RoutingStudyReport Run(
        Func<ulong, IRoutingWorld> world, BanditSettings bandit, IEnumerable<ulong> seeds, IProgress<RoutingStudyRun>? progress, CancellationToken cancellationToken)
    {
        var runs = ImmutableArray.CreateBuilder<RoutingStudyRun>();
        foreach (var seed in seeds)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (first, second) = (world(seed), world(seed));
            var router = new RailRouterStrategy(bandit with { LogPropensities = false }, first.ProcessorCount, new Xoshiro256(seed + RouterSeedOffset));
            var baseline = new SuccessRateWindow(
                first.SegmentCount, first.ProcessorCount, BaselineWindow, BaselineHedging, new Variates(new Xoshiro256(seed + BaselineSeedOffset)));
            var run = new RoutingStudyRun(seed, RoutingSimulation.Run(first, router), RoutingSimulation.Run(second, baseline));
            runs.Add(run);
            progress?.Report(run);
        }

        return new RoutingStudyReport(runs.ToImmutable());
    }
}

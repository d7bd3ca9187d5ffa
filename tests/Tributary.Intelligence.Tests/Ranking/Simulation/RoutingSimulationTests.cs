using Tributary.Intelligence.Ranking.Sampling;
using Tributary.Intelligence.Ranking.Simulation;
using Tributary.Primitives.Randomness;

namespace Tributary.Intelligence.Tests.Ranking.Simulation;

public sealed class RoutingSimulationTests
{
    private const int Segments = 6;
    private const int Processors = 5;

    // docs/intelligence/routing-simulator.md, the row "100, 5 %", seeds 101 and 102.
    [Theory]
    [InlineData(101, 0.824)]
    [InlineData(102, 0.658)]
    public void The_documented_baseline_is_reproduced(int seed, double gapShare)
    {
        var baseline = new SuccessRateWindow(Segments, Processors, windowLength: 100, hedgingShare: 0.05, new Variates(new Xoshiro256((ulong)seed + 1_000_000)));
        var score = RoutingSimulation.Run(new RoutingWorld(RoutingWorldSettings.Documented, (ulong)seed), baseline);
        Assert.Equal(gapShare, score.GapShare, 0.0006);
    }

    [Fact]
    public void The_path_does_not_depend_on_the_choices()
    {
        var settings = RoutingWorldSettings.Documented with { PaymentCount = 5_000 };
        var always = RoutingSimulation.Run(new RoutingWorld(settings, 7), new Always(0));
        var other = RoutingSimulation.Run(new RoutingWorld(settings, 7), new Always(4));
        Assert.Equal(always.Random, other.Random);
        Assert.Equal(always.Oracle, other.Oracle);
        Assert.NotEqual(always.Strategy, other.Strategy);
    }

    [Fact]
    public void Five_constant_strategies_average_to_the_even_spread()
    {
        var settings = RoutingWorldSettings.Documented with { PaymentCount = 5_000 };
        var runs = Enumerable.Range(0, Processors).Select(j => RoutingSimulation.Run(new RoutingWorld(settings, 11), new Always(j))).ToList();
        Assert.Equal(runs[0].Random, runs.Average(run => run.Strategy), 1e-9);
    }

    [Fact]
    public void Outcomes_are_reported_late_in_order_and_never_before_the_payment()
    {
        var settings = RoutingWorldSettings.Documented with { PaymentCount = 3_000 };
        var witness = new Witness();
        RoutingSimulation.Run(new RoutingWorld(settings, 3), witness);
        Assert.True(witness.Reports > 2_900);
        Assert.False(witness.OutOfOrder);
    }

    [Fact]
    public void Arrivals_have_the_documented_shares_and_pace()
    {
        var world = new RoutingWorld(RoutingWorldSettings.Documented, 5);
        var counts = new int[Segments];
        var last = TimeSpan.Zero;
        while (world.TryNext(out var arrival))
        {
            counts[arrival.Segment]++;
            last = arrival.At;
        }

        for (var s = 0; s < Segments; s++)
            Assert.Equal(RoutingWorldSettings.Documented.SegmentShares[s], counts[s] / 60_000.0, 0.01);
        Assert.Equal(30, last.TotalSeconds / 60_000, 0.6);
    }

    private sealed class Always(int processor) : IRoutingStrategy
    {
        public int Choose(int segment, TimeSpan now) => processor;

        public void Report(int segment, int processor, bool succeeded, TimeSpan now)
        {
        }
    }

    private sealed class Witness : IRoutingStrategy
    {
        private TimeSpan _last;

        public int Reports { get; private set; }

        public bool OutOfOrder { get; private set; }

        public int Choose(int segment, TimeSpan now)
        {
            OutOfOrder |= now < _last;
            _last = now;
            return segment % Processors;
        }

        public void Report(int segment, int processor, bool succeeded, TimeSpan now)
        {
            OutOfOrder |= now < _last || processor != segment % Processors;
            _last = now;
            Reports++;
        }
    }
}

using Tributary.Intelligence.Ranking.Outages;

namespace Tributary.Intelligence.Tests.Ranking.Outages;

public sealed class AvailabilityFilterTests
{
    private const double Hazard = 1.0 / 12_000;
    private const double DegradedShare = 0.25;
    private static readonly double[] Lengths = [15, 60, 240, 1_000, 4_000];

    [Fact]
    public void A_handful_of_failures_takes_a_reliable_arm_out()
    {
        var (filter, tick) = Warm();
        var failures = 0;
        while (filter.Current.Up > 0.1)
        {
            Fail(filter, ++tick);
            failures++;
        }

        Assert.InRange(failures, 2, 6);
    }

    [Fact]
    public void One_failure_does_not()
    {
        var (filter, tick) = Warm();
        Fail(filter, tick + 1);
        Assert.True(filter.Current.Up > 0.95);
    }

    [Fact]
    public void A_single_success_brings_an_arm_back()
    {
        var (filter, tick) = Warm();
        for (var i = 0; i < 8; i++)
            Fail(filter, ++tick);
        Assert.True(filter.Current.Up < 0.05);
        Succeed(filter, tick + 60);
        Assert.True(filter.Current.Up > 0.5);
        Succeed(filter, tick + 61);
        Assert.True(filter.Current.Up > 0.9);
    }

    [Fact]
    public void Failed_probes_grow_rarer_with_the_age_of_the_outage()
    {
        var (filter, tick) = Warm();
        for (var i = 0; i < 8; i++)
            Fail(filter, ++tick);

        List<double> gaps = [];
        for (var probe = 0; probe < 10; probe++)
        {
            var waited = 0.0;
            while (filter.Current.Up < 0.2)
            {
                waited++;
                filter.AdvanceTo(++tick, Hazard, DegradedShare, Lengths);
            }

            gaps.Add(waited);
            Fail(filter, ++tick);
        }

        Assert.True(gaps[^1] > 10 * gaps[0], string.Join(", ", gaps));
    }

    [Fact]
    public void Probabilities_stay_probabilities_over_any_history()
    {
        var (filter, tick) = Warm();
        for (var i = 0; i < 5_000; i++)
        {
            tick += i % 97;
            if (i * 7919 % 13 < 6)
                Fail(filter, tick);
            else
                Succeed(filter, tick);
            var (up, degraded, down) = filter.Current;
            Assert.Equal(1, up + degraded + down, 1e-9);
            Assert.True(up >= 0 && degraded >= 0 && down >= 0);
        }
    }

    [Fact]
    public void Time_that_runs_backwards_changes_nothing()
    {
        var (filter, tick) = Warm();
        var before = filter.Current;
        filter.AdvanceTo(tick - 50, Hazard, DegradedShare, Lengths);
        Assert.Equal(before, filter.Current);
    }

    private static (AvailabilityFilter Filter, double Tick) Warm()
    {
        var filter = new AvailabilityFilter(Lengths.Length, tick: 0);
        var tick = 0.0;
        for (var i = 0; i < 50; i++)
            Succeed(filter, ++tick);
        return (filter, tick);
    }

    private static void Fail(AvailabilityFilter filter, double tick)
    {
        filter.AdvanceTo(tick, Hazard, DegradedShare, Lengths);
        filter.Observe(1 - 0.92, 1 - 0.46, 1 - 0.037);
    }

    private static void Succeed(AvailabilityFilter filter, double tick)
    {
        filter.AdvanceTo(tick, Hazard, DegradedShare, Lengths);
        filter.Observe(0.92, 0.46, 0.037);
    }
}

using Tributary.Intelligence.Ranking;
using Tributary.Intelligence.Ranking.Simulation;

namespace Tributary.Intelligence.Tests.Ranking.Simulation;

public sealed class AcquirerWorldTests
{
    private static readonly AcquirerWorldSettings Short = AcquirerWorldSettings.Documented with { PaymentCount = 20_000 };

    [Fact]
    public void The_path_depends_on_the_seed_alone()
    {
        Assert.Equal(Path(1), Path(1));
        Assert.NotEqual(Path(1), Path(2), StringComparer.Ordinal);

        static string Path(ulong seed)
        {
            var world = new AcquirerWorld(Short with { PaymentCount = 50 }, seed);
            var text = new System.Text.StringBuilder();
            while (world.TryNext(out var arrival))
                text.Append($"{arrival} {string.Join(' ', world.Probabilities.ToArray())}\n");
            return text.ToString();
        }
    }

    [Fact]
    public void Traffic_levels_and_troubles_are_as_documented()
    {
        var world = new AcquirerWorld(Short, 3);
        var (segments, day, night, low, late) = (new int[world.SegmentCount], 0, 0, 0, 0);
        while (world.TryNext(out var arrival))
        {
            segments[arrival.Segment]++;
            var hour = arrival.At.TotalHours % 24;
            day += hour is > 3 and < 9 ? 1 : 0;
            night += hour is > 15 and < 21 ? 1 : 0;
            late += arrival.OutcomeDelay > TimeSpan.FromMinutes(1) ? 1 : 0;
            var p = world.Probabilities;
            Assert.All(p.ToArray(), static one => Assert.InRange(one, 0, 0.96));

            // Processors 0 and 4 have one acquirer, and so on.
            for (var j = 0; j < 4; j++)
            {
                low += p[j] < 0.02 ? 1 : 0;
                Assert.Equal(p[j] < 0.02, p[j + 4] < 0.02);
            }
        }

        Assert.InRange((double)segments[0] / segments[1], 1.85, 2.15);
        Assert.True(day > 4 * night, $"{day} by day, {night} by night");
        Assert.InRange(late / 20_000.0, 0.08, 0.11);
        Assert.InRange(low, 50, 8_000);
    }

    [Fact]
    public void The_router_is_ahead_of_the_window_there_too()
    {
        var report = RoutingStudy.Run(seed => new AcquirerWorld(Short, seed), BanditSettings.Default, [101, 102, 103], progress: null, TestContext.Current.CancellationToken);
        Assert.True(report.RouterMean > report.BaselineMean, report.ToText());
        Assert.True(report.RouterMean > 0.7, report.ToText());
    }
}

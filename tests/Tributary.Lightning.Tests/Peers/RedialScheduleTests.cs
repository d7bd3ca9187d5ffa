using Tributary.Crypto;
using Tributary.Lightning.Peers;

namespace Tributary.Lightning.Tests.Peers;

public sealed class RedialScheduleTests
{
    [Fact]
    public void Distances_grow_to_a_bound_and_start_over_after_a_connection_that_lasted()
    {
        var limits = PeerLimits.Default;
        var schedule = new RedialSchedule(limits, new SeededEntropy(3));
        var delays = Enumerable.Range(0, 40).Select(_ => schedule.Next(TimeSpan.Zero)).ToArray();
        Assert.InRange(delays[0], limits.RedialDelay * 0.75, limits.RedialDelay * 1.25);
        Assert.InRange(delays[3], limits.RedialDelay * 8 * 0.75, limits.RedialDelay * 8 * 1.25);
        Assert.InRange(delays[^1], limits.RedialDelayMax * 0.75, limits.RedialDelayMax * 1.25);
        Assert.True(schedule.Next(TimeSpan.FromMinutes(2)) <= limits.RedialDelay * 1.25);
    }
}

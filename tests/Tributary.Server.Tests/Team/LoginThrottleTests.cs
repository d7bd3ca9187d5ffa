using System.Net;
using Tributary.Server.Team;

namespace Tributary.Server.Tests.Team;

public sealed class LoginThrottleTests
{
    private readonly StoppedClock _clock = new();

    [Fact]
    public void An_address_waits_after_too_many_failures_and_others_do_not()
    {
        var throttle = new LoginThrottle(_clock);
        var (one, other) = (IPAddress.Parse("203.0.113.7"), IPAddress.Parse("203.0.113.8"));
        for (var i = 0; i < LoginThrottle.FailuresMax; i++)
        {
            Assert.True(throttle.MayTry(one));
            throttle.Fail(one);
        }

        Assert.False(throttle.MayTry(one));
        Assert.False(throttle.MayTry(IPAddress.Parse("::ffff:203.0.113.7")));
        Assert.True(throttle.MayTry(other));
        _clock.Advance(LoginThrottle.Window);
        Assert.True(throttle.MayTry(one));
    }

    [Fact]
    public void One_customer_of_ipv6_is_one_address()
    {
        var throttle = new LoginThrottle(_clock);
        for (var i = 0; i < LoginThrottle.FailuresMax; i++)
            throttle.Fail(IPAddress.Parse($"2001:db8:1:2::{i:x}"));
        Assert.False(throttle.MayTry(IPAddress.Parse("2001:db8:1:2:ffff::1")));
        Assert.True(throttle.MayTry(IPAddress.Parse("2001:db8:1:3::1")));
    }

    [Fact]
    public void More_addresses_than_are_remembered_forget_the_oldest_alone()
    {
        var throttle = new LoginThrottle(_clock);
        var first = IPAddress.Parse("198.51.100.1");
        for (var i = 0; i < LoginThrottle.FailuresMax; i++)
            throttle.Fail(first);
        for (var i = 0; i < LoginThrottle.AddressesMax - 1; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            throttle.Fail(new IPAddress([10, (byte)(i >> 16), (byte)(i >> 8), (byte)i]));
        }

        Assert.False(throttle.MayTry(first));
        throttle.Fail(IPAddress.Parse("192.0.2.1"));
        Assert.True(throttle.MayTry(first));
    }

    private sealed class StoppedClock : TimeProvider
    {
        private DateTimeOffset _now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

        public void Advance(TimeSpan time) => _now += time;

        public override DateTimeOffset GetUtcNow() => _now;
    }
}

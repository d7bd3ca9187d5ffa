using System.Net;
using Tributary.Lightning.Peers;

namespace Tributary.Lightning.Tests.Peers;

public sealed class HandshakeGateTests
{
    private static readonly PeerLimits s_limits = new() { HandshakesPerAddress = 3, HandshakesMax = 5 };

    [Fact]
    public void One_address_is_slowed_down_and_others_are_not()
    {
        var gate = new HandshakeGate(s_limits);
        var (one, other) = (IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.2"));
        for (var i = 0; i < 3; i++)
        {
            Assert.True(gate.TryEnter(one, TimeSpan.Zero));
            gate.Leave();
        }

        Assert.False(gate.TryEnter(one, TimeSpan.Zero));
        Assert.True(gate.TryEnter(other, TimeSpan.Zero));
        gate.Leave();
        Assert.True(gate.TryEnter(one, s_limits.HandshakeEvery));
    }

    [Fact]
    public void An_ipv6_network_counts_as_one_address()
    {
        var gate = new HandshakeGate(s_limits);
        var allowed = Enumerable.Range(1, 10).Count(i =>
        {
            var entered = gate.TryEnter(IPAddress.Parse($"2001:db8::{i}"), TimeSpan.Zero);
            if (entered)
                gate.Leave();
            return entered;
        });
        Assert.Equal(3, allowed);
    }

    [Fact]
    public void No_more_than_the_bound_are_under_way()
    {
        var gate = new HandshakeGate(s_limits);
        var entered = Enumerable.Range(1, 10).Count(i => gate.TryEnter(IPAddress.Parse($"10.0.0.{i}"), TimeSpan.Zero));
        Assert.Equal(5, entered);
        gate.Leave();
        Assert.True(gate.TryEnter(IPAddress.Parse("10.0.1.1"), TimeSpan.Zero));
    }
}

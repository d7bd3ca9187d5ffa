using System.Net;
using Tributary.Server.Webhooks;

namespace Tributary.Server.Tests.Webhooks;

public sealed class WebhookTargetsTests
{
    [Theory]
    [InlineData("10.1.2.3")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("100.64.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("198.18.0.1")]
    [InlineData("fc00::1")]
    [InlineData("fe80::1")]
    [InlineData("ff02::1")]
    [InlineData("::")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("64:ff9b::a00:1")]
    [InlineData("2002:0a00:0001::")]
    public void Addresses_that_are_not_public_are_refused_in_both_modes(string address)
    {
        Assert.False(WebhookTargets.IsAllowed(IPAddress.Parse(address), isLive: true));
        Assert.False(WebhookTargets.IsAllowed(IPAddress.Parse(address), isLive: false));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    public void This_machine_hears_of_test_objects_only(string address)
    {
        Assert.False(WebhookTargets.IsAllowed(IPAddress.Parse(address), isLive: true));
        Assert.True(WebhookTargets.IsAllowed(IPAddress.Parse(address), isLive: false));
    }

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("172.32.0.1")]
    [InlineData("2a00:1450:4001:80b::200e")]
    public void Public_addresses_are_allowed(string address) => Assert.True(WebhookTargets.IsAllowed(IPAddress.Parse(address), isLive: true));

    [Fact]
    public async Task A_name_that_resolves_to_this_machine_is_refused_at_the_connection()
    {
        var token = TestContext.Current.CancellationToken;
        await Assert.ThrowsAsync<HttpRequestException>(async () => await WebhookTargets.ConnectAsync(new DnsEndPoint("localhost", 9), isLive: true, token));
    }

    [Fact]
    public void Events_of_real_money_go_over_tls() => Assert.NotNull(WebhookTargets.Check("http://shop.example/hooks", isLive: true, out _));
}

using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Tributary.Server.Payments;

namespace Tributary.Server.Tests.Greenfield;

/// <summary>
/// The key that a start prints for a shop's plugin. BTCPay's plugin for WooCommerce (2.8.0) looks at <c>GET /api/v1/api-keys/current</c>: every
/// permission names the one store, the four that it needs are there, and beyond them at most two that it knows.
/// </summary>
public sealed class ShopKeyTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly string[] s_needed =
        ["btcpay.store.canviewinvoices", "btcpay.store.cancreateinvoice", "btcpay.store.canviewstoresettings", "btcpay.store.canmodifyinvoices"];

    private static readonly string[] s_known = ["btcpay.store.cancreatenonapprovedpullpayments", "btcpay.store.webhooks.canmodifywebhooks"];

    private TestAccess Access => server.Services.GetRequiredService<TestAccess>();

    [Fact]
    public async Task The_plugin_takes_the_shop_key_with_refunds_and_webhooks_and_finds_the_store_in_it()
    {
        var permissions = await PermissionsAsync(Access.ShopKey!);
        Assert.True(IsTaken(permissions));
        Assert.Equal(PaymentStart.FirstStore, permissions[0].Split(':')[1]);
        Assert.Superset(s_known.Select(static name => $"{name}:{PaymentStart.FirstStore}").ToHashSet(StringComparer.Ordinal), permissions.ToHashSet(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_plugin_refuses_the_key_that_may_do_everything() =>
        Assert.False(IsTaken(await PermissionsAsync(Access.GreenfieldKey!)));

    [Fact]
    public async Task The_shop_key_does_what_a_plugin_does_and_nothing_beyond_it()
    {
        var shop = new GreenfieldClient(server.Client, Access.ShopKey);
        var store = $"/stores/{Access.StoreId}";
        Assert.Equal(HttpStatusCode.OK, (await shop.GetAsync("/server/info")).Status);
        Assert.Equal(HttpStatusCode.OK, (await shop.GetAsync(store)).Status);
        Assert.Equal(HttpStatusCode.OK, (await shop.GetAsync($"{store}/payment-methods")).Status);
        var made = await shop.PostAsync($"{store}/invoices", """{"amount":"12.50","currency":"EUR","metadata":{"orderId":"7"}}""");
        Assert.Equal(HttpStatusCode.OK, made.Status);
        Assert.Equal(HttpStatusCode.OK, (await shop.GetAsync($"{store}/invoices/{made.Text("id")}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await shop.PostAsync($"{store}/webhooks", """{"url":"http://127.0.0.1:9/hook"}""")).Status);

        Assert.Equal(HttpStatusCode.Forbidden, (await shop.PostAsync("/api-keys", """{"permissions":["unrestricted"]}""")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await shop.GetAsync("/users")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await shop.PostAsync($"{store}/pull-payments", """{"amount":"1","currency":"EUR","autoApproveClaims":true}""")).Status);
    }

    [Fact]
    public async Task A_restart_tells_the_same_keys()
    {
        var (all, shop) = (Access.GreenfieldKey, Access.ShopKey);
        Assert.NotEqual(all, shop, StringComparer.Ordinal);
        await server.RestartAsync();
        Assert.Equal(all, Access.GreenfieldKey);
        Assert.Equal(shop, Access.ShopKey);
    }

    private async Task<string[]> PermissionsAsync(string key)
    {
        var current = await new GreenfieldClient(server.Client, key).GetAsync("/api-keys/current");
        Assert.Equal(key, current.Text("apiKey"));
        return [.. current.At("permissions").EnumerateArray().Select(static permission => permission.GetString()!)];
    }

    // The plugin's rule.
    private static bool IsTaken(string[] permissions)
    {
        var parts = permissions.Select(static permission => permission.Split(':')).ToArray();
        return parts.All(part => part.Length == 2 && string.Equals(part[1], parts[0][1], StringComparison.Ordinal))
            && parts.Select(static part => part[0]).Except(s_known, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal).SetEquals(s_needed);
    }
}

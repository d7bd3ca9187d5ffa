using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Tributary.Payments.Reconciliation;
using Tributary.Server.Modes;
using Tributary.Server.Nodes;
using Tributary.Server.Tests.Stripe;
using Tributary.Storage.Relational;

namespace Tributary.Server.Tests.Modes;

/// <summary>Live keys beside test keys in one server: each half with a chain, a node and books of its own.</summary>
public sealed class ModesTests(ModesServer server) : IClassFixture<ModesServer>
{
    private readonly HttpClient _client = server.Client;
    private readonly StripeClient _test = server.Test;
    private readonly StripeClient _live = server.Live;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private LiveHalf Live => server.Services.GetRequiredService<LiveHalf>();

    [Fact]
    public async Task Objects_of_one_half_are_live_or_test_and_the_other_half_has_never_heard_of_them()
    {
        var live = await _live.PostAsync("/v1/payment_intents", "amount=5000&currency=eur");
        var test = await _test.PostAsync("/v1/payment_intents", "amount=5000&currency=eur");
        Assert.True(live.At("livemode").GetBoolean());
        Assert.False(test.At("livemode").GetBoolean());
        Assert.StartsWith("pi_live_", live.Text("id"), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.NotFound, (await _test.GetAsync($"/v1/payment_intents/{live.Text("id")}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _live.GetAsync($"/v1/payment_intents/{test.Text("id")}")).Status);
        var lives = (await _live.GetAsync("/v1/payment_intents?limit=100")).Ids;
        Assert.Contains(live.Text("id"), lives, StringComparer.Ordinal);
        Assert.DoesNotContain(test.Text("id"), lives, StringComparer.Ordinal);
        Assert.DoesNotContain(live.Text("id"), (await _test.GetAsync("/v1/payment_intents?limit=100")).Ids, StringComparer.Ordinal);
        Assert.All((await _live.GetAsync("/v1/events")).Body.GetProperty("data").EnumerateArray(), static one => Assert.True(one.GetProperty("livemode").GetBoolean()));
        Assert.Equal(HttpStatusCode.Unauthorized, (await new StripeClient(_client, "sk_live_nobody").GetAsync("/v1/payment_intents")).Status);
    }

    [Fact]
    public async Task Test_helpers_test_cards_and_the_demo_wallet_do_not_exist_for_live_keys()
    {
        var intent = await _live.PostAsync("/v1/payment_intents", "amount=5000&currency=eur");
        var id = intent.Text("id");
        Assert.Equal(HttpStatusCode.NotFound, (await _live.PostAsync($"/v1/test_helpers/payment_intents/{id}/pay")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _live.PostAsync("/v1/test_helpers/blocks", "count=1")).Status);
        Assert.Equal(HttpStatusCode.OK, (await _test.PostAsync("/v1/test_helpers/blocks", "count=1")).Status);
        Assert.DoesNotContain("card", intent.At("payment_method_types").EnumerateArray().Select(static type => type.GetString()), StringComparer.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await _live.PostAsync($"/v1/payment_intents/{id}/confirm", "payment_method=pm_card_visa")).Status);
        Assert.Equal("succeeded", (await _test.PostAsync("/v1/payment_intents", "amount=5000&currency=eur&confirm=true&payment_method=pm_card_visa")).Text("status"));
        Assert.Null(Live.Services.GetService<Server.Demo.IDemoWallet>());
    }

    [Fact]
    public async Task Each_half_has_a_node_a_wallet_and_books_of_its_own()
    {
        var test = await server.Services.GetRequiredService<MerchantNode>().Opening.WaitAsync(Cancelled);
        var live = await Live.Services.GetRequiredService<MerchantNode>().Opening.WaitAsync(Cancelled);
        Assert.NotEqual(test.NodeId, live.NodeId);
        var confirmed = await _live.PostAsync("/v1/payment_intents", "amount=5000&currency=eur&confirm=true&payment_method_data[type]=bitcoin");
        Assert.Equal("requires_action", confirmed.Text("status"));
        var address = confirmed.At("next_action", "display_bitcoin_instructions", "bitcoin", "address").GetString()!;
        Assert.Contains(live.Wallet.ListAddresses(), one => string.Equals(one.Address.ToString(), address, StringComparison.Ordinal));
        Assert.DoesNotContain(test.Wallet.ListAddresses(), one => string.Equals(one.Address.ToString(), address, StringComparison.Ordinal));
        Assert.True((await Live.Services.GetRequiredService<Reconciler>().RunAsync(Cancelled)).Outcome is ReconciliationOutcome.Balanced or ReconciliationOutcome.Busy);
        Assert.NotSame(server.Services.GetRequiredService<IDatabase>(), Live.Services.GetRequiredService<IDatabase>());
        Assert.True(File.Exists(Path.Combine(server.Folder, "live", "payments.db")));

        // Whoever has the address of the payment pays it, at the half that it is of.
        var secret = confirmed.Text("client_secret");
        using var page = await _client.GetAsync(new Uri($"/pay/{confirmed.Text("id")}?client_secret={secret}", UriKind.Relative), Cancelled);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains(address.ToUpperInvariant(), (await page.Content.ReadAsStringAsync(Cancelled)).ToUpperInvariant(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_dashboard_shows_live_money_to_who_asks_for_it_and_keys_made_there_are_live()
    {
        using var browser = await server.SignInAsync();
        var live = (await _live.PostAsync("/v1/payment_intents", "amount=5000&currency=eur")).Text("id");
        var test = (await _test.PostAsync("/v1/payment_intents", "amount=5000&currency=eur")).Text("id");

        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/dashboard/payments/{live}")).Status);
        Assert.Equal("/dashboard", (await browser.PostAsync("/dashboard", "/dashboard/mode", ("mode", "live"))).Location);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/dashboard")).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync($"/dashboard/payments/{live}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/dashboard/payments/{test}")).Status);
        foreach (var page in new[] { "payments", "refunds", "reviews", "links", "keys", "webhooks", "liquidity", "team", "account" })
            Assert.True((await browser.GetAsync($"/dashboard/{page}")).Status == HttpStatusCode.OK, page);
        Assert.Contains(ModesServer.Email, (await browser.GetAsync("/dashboard/team")).Text, StringComparison.Ordinal);
        var made = await browser.PostAsync("/dashboard/keys", "/dashboard/keys", ("name", "shop"), ("kind", "Secret"));
        var secret = "sk_live_" + Browser.Between(made.Text, "sk_live_", "<");
        Assert.Contains(live, (await new StripeClient(_client, secret.Trim('"', ' ', '\n')).GetAsync("/v1/payment_intents")).Ids, StringComparer.Ordinal);
    }

    [Fact]
    public async Task The_live_key_is_told_once_and_both_halves_come_back_after_a_restart()
    {
        var id = (await _live.PostAsync("/v1/payment_intents", "amount=5000&currency=eur")).Text("id");
        await server.RestartAsync();
        Assert.Null(server.Services.GetRequiredService<LiveAccess>().SecretKey);
        Assert.Equal(id, (await server.Live.GetAsync($"/v1/payment_intents/{id}")).Text("id"));
    }

    [Fact]
    public async Task A_folder_with_live_money_is_not_served_without_it()
    {
        var refused = await ServerHost.BuildAsync(new ServerOptions(0, server.Folder, Bitcoin.Networks.BitcoinNetwork.Regtest), TimeProvider.System, Cancelled);
        Assert.Equal("--bitcoind", refused.Error.Field);
        Assert.Contains("nobody would watch", refused.Error.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/payment_intents", "Bearer sk_live_abc", "", true)]
    [InlineData("/v1/payment_intents", "Bearer rk_live_abc", "", true)]
    [InlineData("/v1/payment_intents/pi_live_x", "Bearer sk_test_abc", "tributary.mode=live", false)]
    [InlineData("/v1/payment_intents", "Basic c2tfbGl2ZV9hYmM6", "", true)]
    [InlineData("/v1/payment_intents", "", "", false)]
    [InlineData("/pay/pi_live_abc", "", "", true)]
    [InlineData("/pay/pi_abc", "Bearer sk_live_abc", "tributary.mode=live", false)]
    [InlineData("/c/cs_live_abc/secret/events", "", "", true)]
    [InlineData("/c/cs_test_abc/secret", "", "", false)]
    [InlineData("/l/plink_live_abc", "", "", true)]
    [InlineData("/r/live_abc", "", "", true)]
    [InlineData("/r/abc", "", "", false)]
    [InlineData("/dashboard/payments", "", "tributary.mode=live", true)]
    [InlineData("/dashboard/payments/pi_live_abc", "", "", false)]
    [InlineData("/dashboard/team", "", "tributary.mode=live", false)]
    [InlineData("/dashboard/account/password", "", "tributary.mode=live", false)]
    [InlineData("/health", "Bearer sk_live_abc", "tributary.mode=live", false)]
    public void A_request_is_live_by_its_key_its_object_or_the_mode_that_a_member_chose(string path, string authorization, string cookie, bool isLive)
    {
        var context = new DefaultHttpContext();
        context.Request.Path = path;
        if (authorization.Length > 0)
            context.Request.Headers.Authorization = authorization;
        if (cookie.Length > 0)
            context.Request.Headers.Cookie = cookie;
        Assert.Equal(isLive, ModeRouting.IsLive(context.Request));
    }
}

using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Tributary.Server.Demo;
using Tributary.Server.Modes;
using Tributary.Server.Stripe;
using Tributary.Server.Tests.Greenfield;
using Tributary.Server.Tests.Stripe;
using Tributary.Server.Web;

namespace Tributary.Server.Tests.Modes;

/// <summary>What holds for each half by itself: its rules, its limits, its switch, its pages and its dialects.</summary>
public sealed class ModeRulesTests(ModesServer server) : IClassFixture<ModesServer>
{
    private readonly HttpClient _client = server.Client;
    private readonly StripeClient _test = server.Test;
    private readonly StripeClient _live = server.Live;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private LiveHalf Live => server.Services.GetRequiredService<LiveHalf>();

    [Fact]
    public async Task Every_test_helper_and_the_demo_wallet_answer_live_keys_as_if_they_did_not_exist()
    {
        var helpers = server.Services.GetServices<EndpointDataSource>().SelectMany(static source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(static route => route.RoutePattern.RawText!.StartsWith("/v1/test_helpers/", StringComparison.Ordinal)).ToList();
        Assert.True(helpers.Count >= 5);
        foreach (var helper in helpers)
        {
            var path = helper.RoutePattern.RawText!.Replace("{id}", "pi_live_x", StringComparison.Ordinal).Replace("{hash}", "00", StringComparison.Ordinal);
            foreach (var method in helper.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)
            {
                var answer = await _live.SendAsync(new HttpMethod(method), path, HttpMethod.Post.Method.Equals(method, StringComparison.Ordinal) ? "" : null);
                Assert.Equal(HttpStatusCode.NotFound, answer.Status);
                Assert.StartsWith("Unrecognized request URL", answer.At("error", "message").GetString(), StringComparison.Ordinal);
            }
        }

        Assert.NotNull(server.Services.GetService<IDemoWallet>());
        Assert.Null(Live.Services.GetService<IDemoWallet>());
        Assert.Null(Live.Services.GetService<TestHelperHandlers>());
    }

    [Theory]
    [InlineData("https://127.0.0.1/hook", true)]
    [InlineData("http://127.0.0.1/hook", true)]
    [InlineData("https://10.1.2.3/hook", false)]
    [InlineData("https://192.168.1.1/hook", false)]
    [InlineData("https://[::1]/hook", true)]
    [InlineData("https://[fd00::1]/hook", false)]
    public async Task Webhooks_of_live_money_go_to_public_addresses_over_https_and_those_of_test_money_to_this_machine_too(string url, bool isForTests)
    {
        var form = $"url={Uri.EscapeDataString(url)}&enabled_events[]=*";
        var refused = await _live.PostAsync("/v1/webhook_endpoints", form);
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Equal("url", refused.At("error", "param").GetString());
        Assert.Equal(isForTests ? HttpStatusCode.OK : HttpStatusCode.BadRequest, (await _test.PostAsync("/v1/webhook_endpoints", form)).Status);

        var body = $$"""{"url":"{{url}}"}""";
        var store = $"/stores/{Payments.PaymentStart.FirstStore}/webhooks";
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await server.LiveGreenfield.PostAsync(store, body)).Status);
        Assert.Equal(isForTests ? HttpStatusCode.OK : HttpStatusCode.UnprocessableEntity, (await server.TestGreenfield.PostAsync(store, body)).Status);
    }

    [Fact]
    public async Task The_switch_of_outgoing_money_and_its_policy_are_each_halfs_own()
    {
        Assert.True((await _live.PostAsync("/v1/outgoing_policy", "stopped=true&reason=drill")).At("stopped").GetBoolean());
        try
        {
            Assert.False((await _test.GetAsync("/v1/outgoing_policy")).At("stopped").GetBoolean());
            using var health = await _client.GetAsync(new Uri("/health", UriKind.Relative), Cancelled);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
            Assert.Contains("live: outgoing money is stopped", await health.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        }
        finally
        {
            Assert.False((await _live.PostAsync("/v1/outgoing_policy", "stopped=false")).At("stopped").GetBoolean());
        }
    }

    [Fact]
    public async Task A_restricted_key_keeps_to_its_half_and_to_its_permissions()
    {
        foreach (var (client, prefix) in new[] { (_live, "rk_live_"), (_test, "rk_test_") })
        {
            var made = await client.PostAsync("/v1/api_keys", "type=restricted&name=shop&permissions[payment_intents]=write&spending_limits[btc]=1000");
            Assert.True(made.Status == HttpStatusCode.OK, made.Raw);
            Assert.StartsWith(prefix, made.Text("secret"), StringComparison.Ordinal);
            var restricted = new StripeClient(_client, made.Text("secret"));
            var intent = await restricted.PostAsync("/v1/payment_intents", "amount=500&currency=eur");
            Assert.Equal(client == _live, intent.At("livemode").GetBoolean());
            Assert.Equal(HttpStatusCode.Forbidden, (await restricted.GetAsync("/v1/customers")).Status);
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"/v1/payment_intents/{intent.Text("id")}")).Status);
        }
    }

    [Fact]
    public async Task Each_half_counts_how_often_it_was_asked_by_itself()
    {
        Assert.NotSame(server.Services.GetRequiredService<StripeLimits>(), Live.Services.GetRequiredService<StripeLimits>());
        var limits = Live.Services.GetRequiredService<StripeLimits>();
        while (limits.TryStranger("192.0.2.1"))
        {
            // Until the bucket is empty.
        }

        Assert.True(server.Services.GetRequiredService<StripeLimits>().TryStranger("192.0.2.1"));
        Assert.Equal(HttpStatusCode.OK, (await _test.GetAsync("/v1/balance")).Status);
        Assert.Equal(HttpStatusCode.OK, (await _live.GetAsync("/v1/balance")).Status);
    }

    [Fact]
    public async Task Every_page_of_the_dashboard_opens_in_live_mode()
    {
        using var browser = await server.SignInAsync();
        Assert.Equal("/dashboard", (await browser.PostAsync("/dashboard", "/dashboard/mode", ("mode", "live"))).Location);
        var pages = server.Services.GetServices<EndpointDataSource>().SelectMany(static source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(static route => route.RoutePattern.RawText!.StartsWith("/dashboard", StringComparison.Ordinal) && route.RoutePattern.Parameters.Count == 0)
            .Where(static route => route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET", StringComparer.Ordinal) == true)
            .Select(static route => route.RoutePattern.RawText!).Distinct(StringComparer.Ordinal).ToList();
        Assert.True(pages.Count > 15);
        foreach (var page in pages)
        {
            var opened = await browser.GetAsync(page);
            Assert.True(opened.Status is HttpStatusCode.OK or HttpStatusCode.Redirect, $"{page}: {opened.Status}");
            if (opened.Text.Contains("class=\"mode\"", StringComparison.Ordinal))
                Assert.Contains("switch to test mode", opened.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_member_who_acts_on_live_money_is_named_there()
    {
        using var browser = await server.SignInAsync();
        await browser.PostAsync("/dashboard", "/dashboard/mode", ("mode", "live"));
        await browser.PostAsync("/dashboard/keys", "/dashboard/keys", ("name", "till"), ("kind", "Secret"));
        var activity = (await browser.GetAsync("/dashboard/activity")).Text;
        Assert.Contains(ModesServer.Email, Browser.Between(activity, "<tbody>", "</tbody>"), StringComparison.Ordinal);
        Assert.DoesNotContain("former member", activity, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Greenfield_key_acts_on_its_half_and_its_invoices_say_which()
    {
        var store = Payments.PaymentStart.FirstStore;
        Assert.StartsWith("live_", server.LiveGreenfieldKey, StringComparison.Ordinal);
        var live = await server.LiveGreenfield.PostAsync($"/stores/{store}/invoices", """{"amount":"10.00","currency":"EUR"}""");
        var test = await server.TestGreenfield.PostAsync($"/stores/{store}/invoices", """{"amount":"10.00","currency":"EUR"}""");
        Assert.True(live.Status == HttpStatusCode.OK, live.Raw);
        Assert.StartsWith("live_", live.Text("id"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await server.LiveGreenfield.GetAsync($"/stores/{store}/invoices/{live.Text("id")}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.TestGreenfield.GetAsync($"/stores/{store}/invoices/{live.Text("id")}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.LiveGreenfield.GetAsync($"/stores/{store}/invoices/{test.Text("id")}")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await new GreenfieldClient(_client, "live_nobody").GetAsync($"/stores/{store}/invoices")).Status);

        // The shopper's page needs no key: the name of the invoice leads to its half.
        foreach (var invoice in new[] { live, test })
        {
            using var page = await _client.GetAsync(new Uri($"/i/{invoice.Text("id")}", UriKind.Relative), Cancelled);
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        }

        // So does that of a pull payment.
        var pull = await server.LiveGreenfield.PostAsync($"/stores/{store}/pull-payments", """{"name":"wages","amount":"0.001","currency":"BTC","payoutMethods":["BTC-CHAIN"]}""");
        Assert.True(pull.Status == HttpStatusCode.OK, pull.Raw);
        Assert.Equal("wages", (await new GreenfieldClient(_client, null).GetAsync($"/pull-payments/{pull.Text("id")}")).Text("name"));
        Assert.Equal(HttpStatusCode.OK, (await server.LiveGreenfield.GetAsync("/server/info")).Status);
        Assert.Equal("operator", (await server.LiveGreenfield.GetAsync("/users/me")).Text("id"));
        Assert.Equal(HttpStatusCode.OK, (await server.LiveGreenfield.GetAsync("/server/roles")).Status);

        // Users are the team, which is neither live nor test: they are looked after with a test key.
        Assert.Equal("users-of-the-team", (await server.LiveGreenfield.GetAsync("/users")).Code);
        Assert.Equal("users-of-the-team", (await server.LiveGreenfield.PostAsync("/users", """{"email":"new@team.example","password":"four words are enough"}""")).Code);
        Assert.Equal("users-of-the-team", (await server.LiveGreenfield.GetAsync($"/stores/{store}/users")).Code);
        Assert.Equal(HttpStatusCode.OK, (await server.TestGreenfield.GetAsync("/users")).Status);
    }

    [Fact]
    public async Task A_program_that_asks_a_member_for_a_key_gets_a_live_one_unless_the_member_chooses_otherwise()
    {
        const string asked = "applicationName=shop&permissions=btcpay.store.canviewinvoices&strict=true";
        using var browser = await server.SignInAsync();
        foreach (var (query, word, isLive) in new[] { (asked, "live money", true), (asked + "&mode=test", "test money", false) })
        {
            var page = await browser.GetAsync("/api-keys/authorize?" + query);
            Assert.Contains($"<strong>{word}</strong>", page.Text, StringComparison.Ordinal);
            var action = Browser.Between(page.Text, "<form class=\"stack\" method=\"post\" action=\"", "\"");
            var granted = await browser.PostAsync("/api-keys/authorize?" + query, action, ("applicationName", "shop"), ("permissions", "btcpay.store.canviewinvoices"), ("strict", "true"));
            Assert.Equal(HttpStatusCode.OK, granted.Status);
            var secret = Browser.Between(granted.Text, "<code>", "</code>");
            Assert.Equal(isLive, secret.StartsWith("live_", StringComparison.Ordinal));
            var client = new GreenfieldClient(_client, secret);
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"/stores/{Payments.PaymentStart.FirstStore}/invoices")).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsync($"/stores/{Payments.PaymentStart.FirstStore}/invoices", """{"amount":"1","currency":"EUR"}""")).Status);

            // It is the member's, and the member ends it.
            var list = isLive ? "/api-keys" : "/api-keys?mode=test";
            var own = await browser.GetAsync(list);
            var revoke = Browser.Between(own.Text, "action=\"/api-keys/", "\"");
            Assert.Equal(isLive, revoke.Contains("_live_", StringComparison.Ordinal));
            Assert.Equal(HttpStatusCode.Redirect, (await browser.PostAsync(list, "/api-keys/" + revoke)).Status);
            Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync($"/stores/{Payments.PaymentStart.FirstStore}/invoices")).Status);
        }
    }

    [Fact]
    public async Task A_Lightning_address_is_paid_with_live_money_and_that_of_test_money_says_so()
    {
        var domain = new Uri(server.Services.GetRequiredService<PublicAddress>().Origin).Authority;
        foreach (var (name, half) in new[] { ("pay", Live.Services), ("test.pay", server.Services) })
        {
            await half.GetRequiredService<Server.Nodes.MerchantNode>().Opening.WaitAsync(Cancelled);
            using var answer = await _client.GetAsync(new Uri($"/.well-known/lnurlp/{name}", UriKind.Relative), Cancelled);
            var text = await answer.Content.ReadAsStringAsync(Cancelled);

            // A node without a channel cannot be paid: then it says so, in words of its own half; who has the name is known either way.
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            if (text.Contains("callback", StringComparison.Ordinal))
            {
                Assert.Contains($"/lnurl/pay/{name}", text, StringComparison.Ordinal);
                Assert.Contains($"{name}@{domain}", text, StringComparison.Ordinal);
            }
        }

        using var browser = await server.SignInAsync();
        Assert.Contains($"test.pay@{domain}", (await browser.GetAsync("/dashboard/links")).Text + (await browser.GetAsync("/dashboard/addresses")).Text, StringComparison.Ordinal);
        using var unknown = await _client.GetAsync(new Uri("/.well-known/lnurlp/test.test.pay", UriKind.Relative), Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Theory]
    [InlineData("/api/v1/server/info", "token live_abc", "", true)]
    [InlineData("/api/v1/stores/store_main/invoices", "Bearer live_abc", "", true)]
    [InlineData("/api/v1/stores/store_main/invoices", "token abc", "", false)]
    [InlineData("/api/v1/invoices/live_abc", "token abc", "", false)]
    [InlineData("/api/v1/invoices/live_abc", "Basic bGl2ZV9hOmI=", "", false)]
    [InlineData("/api/v1/pull-payments/pull_live_abc", "", "", true)]
    [InlineData("/api/v1/pull-payments/pull_abc", "", "", false)]
    [InlineData("/api/v1/health", "", "", false)]
    [InlineData("/api-keys/authorize", "", "", true)]
    [InlineData("/api-keys/authorize", "", "?mode=test", false)]
    [InlineData("/api-keys/gfk_live_abc/revoke", "", "?mode=test", true)]
    [InlineData("/i/live_abc/receipt", "", "", true)]
    [InlineData("/invoice", "", "?id=live_abc", true)]
    [InlineData("/invoice", "", "?id=abc", false)]
    [InlineData("/pull-payments/pull_live_abc", "", "", true)]
    [InlineData("/.well-known/lnurlp/pay", "", "", true)]
    [InlineData("/.well-known/lnurlp/test.pay", "", "", false)]
    [InlineData("/.well-known/lnurlp/TEST.pay", "", "", false)]
    [InlineData("/lnurl/pay/pay", "", "", true)]
    [InlineData("/lnurl/pay/test.pay", "", "", false)]
    [InlineData("/lnurl/link/plink_live_abc/invoice", "", "", true)]
    [InlineData("/lnurl/verify/live_00", "", "", true)]
    [InlineData("/lnurl/verify/00", "", "", false)]
    [InlineData("/shop", "", "", false)]
    public void A_request_of_the_other_dialects_is_live_by_its_key_its_object_or_its_name(string path, string authorization, string query, bool isLive)
    {
        var context = new Microsoft.AspNetCore.Http.DefaultHttpContext();
        context.Request.Path = path;
        context.Request.QueryString = new Microsoft.AspNetCore.Http.QueryString(query);
        if (authorization.Length > 0)
            context.Request.Headers.Authorization = authorization;
        Assert.Equal(isLive, ModeRouting.IsLive(context.Request));
    }
}

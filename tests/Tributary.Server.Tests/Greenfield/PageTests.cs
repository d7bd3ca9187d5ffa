using System.Net;
using System.Text.RegularExpressions;
using Tributary.Server.Team;

namespace Tributary.Server.Tests.Greenfield;

/// <summary>The pages that shops of the dialect send people to: the checkout of an invoice, alone and in a frame, and the one that gives out keys.</summary>
public sealed class PageTests(RunningServer server) : IClassFixture<RunningServer>
{
    private GreenfieldClient Client => server.Operator();

    [Fact]
    public async Task An_invoices_name_opens_its_page_and_after_payment_its_receipt()
    {
        var made = await Client.PostAsync("/stores/store_main/invoices", """{"amount":"7","currency":"EUR","metadata":{"orderId":"A7"},"checkout":{"defaultPaymentMethod":"BTC-LN","redirectURL":"https://shop.example/back/{OrderId}/{InvoiceId}"}}""");
        var id = made.Text("id");
        using var browser = new Browser(server.Address);
        var (status, text, _) = await browser.GetAsync(new Uri(made.Text("checkoutLink")).PathAndQuery);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("lnbcrt", text, StringComparison.Ordinal);
        Assert.Matches(new Regex("aria-current=\"true\">Lightning", RegexOptions.None, TimeSpan.FromSeconds(1)), text);
        Assert.DoesNotContain("data-frame", text, StringComparison.Ordinal);
        var (_, onChain, _) = await browser.GetAsync($"/i/{id}/BTC-CHAIN");
        Assert.Contains("bcrt1", onChain, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/i/none")).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync($"/i/{id}/receipt")).Status);

        await server.PayAsync(id, "lightning");
        await Client.WaitAsync($"/invoices/{id}", static reply => reply.Text("status") is "Settled");
        var (_, paid, _) = await browser.GetAsync($"/i/{id}");
        Assert.Contains($"href=\"https://shop.example/back/A7/{id}\"", paid, StringComparison.Ordinal);
        Assert.DoesNotContain("data-return", paid, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync($"/i/{id}/receipt")).Status);
    }

    [Fact]
    public async Task A_shop_shows_the_page_in_a_frame_and_hears_how_it_stands()
    {
        var id = (await Client.PostAsync("/stores/store_main/invoices", """{"amount":"7","currency":"EUR","checkout":{"defaultLanguage":"de-DE"}}""")).Text("id");
        using var answer = await server.Client.GetAsync(new Uri($"/i/{id}?view=modal", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Contains("frame-ancestors *", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains($"data-frame=\"{id}\"", page, StringComparison.Ordinal);
        Assert.Contains("data-status=\"New\"", page, StringComparison.Ordinal);
        Assert.Contains("lang=\"de\"", page, StringComparison.Ordinal);

        // Its own links stay in the frame.
        var tab = WebUtility.HtmlDecode(Regex.Match(page, "href=\"(?<tab>/c/[^\"]*pay=bitcoin[^\"]*)\"", RegexOptions.None, TimeSpan.FromSeconds(1)).Groups["tab"].Value);
        Assert.Contains("view=modal", tab, StringComparison.Ordinal);
        using var next = await server.Client.GetAsync(new Uri(tab, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Contains("frame-ancestors *", next.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        using var alone = await server.Client.GetAsync(new Uri($"/i/{id}", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Contains("frame-ancestors 'none'", alone.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);

        await Client.PostAsync($"/invoices/{id}/status", """{"status":"Settled"}""");
        using var marked = await server.Client.GetAsync(new Uri($"/i/{id}?view=modal", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Contains("data-status=\"Settled\"", await marked.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        using var script = await server.Client.GetAsync(new Uri("/modal/btcpay.js", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal("text/javascript", script.Content.Headers.ContentType?.MediaType);
        using var browser = new Browser(server.Address);
        Assert.Equal($"/i/{id}?view=modal", (await browser.GetAsync($"/invoice?id={id}&view=modal")).Location);
    }

    [Fact]
    public async Task A_member_gives_a_shop_a_key_for_one_store()
    {
        const string asked = "/api-keys/authorize?permissions=btcpay.store.canviewinvoices&permissions=btcpay.store.cancreateinvoice&permissions=btcpay.store.webhooks.canmodifywebhooks"
            + "&applicationName=My%20shop&strict=true&selectiveStores=true&redirect=https%3A%2F%2Fshop.example%2Fcallback";
        using (var stranger = new Browser(server.Address))
        {
            var (refused, _, location) = await stranger.GetAsync(asked);
            Assert.Equal(HttpStatusCode.Redirect, refused);
            Assert.Contains("/login?next=", location, StringComparison.Ordinal);
        }

        using var manager = await server.SignInAsync(MemberRole.Manager);
        var (_, page, _) = await manager.GetAsync(asked);
        Assert.Contains("My shop asks for an API key", page, StringComparison.Ordinal);
        Assert.Contains("shop.example", page, StringComparison.Ordinal);
        var (status, granted, _) = await manager.PostAsync(
            asked,
            "/api-keys/authorize",
            ("applicationName", "My shop"),
            ("strict", "true"),
            ("selectiveStores", "true"),
            ("store", "store_main"),
            ("redirect", "https://shop.example/callback"),
            ("permissions", "btcpay.store.canviewinvoices"),
            ("permissions", "btcpay.store.cancreateinvoice"),
            ("permissions", "btcpay.store.webhooks.canmodifywebhooks"));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("action=\"https://shop.example/callback\"", granted, StringComparison.Ordinal);
        Assert.Contains("name=\"permissions[]\" value=\"btcpay.store.cancreateinvoice:store_main\"", granted, StringComparison.Ordinal);
        var key = new GreenfieldClient(server.Client, Browser.Between(granted, "name=\"apiKey\" value=\"", "\""));
        Assert.Equal(3, (await key.GetAsync("/api-keys/current")).At("permissions").GetArrayLength());
        Assert.Equal(HttpStatusCode.OK, (await key.GetAsync("/stores/store_main/invoices")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await key.GetAsync("/stores/store_main")).Status);

        var (_, own, _) = await manager.GetAsync("/api-keys");
        Assert.Contains("My shop", own, StringComparison.Ordinal);
        using (var other = await server.SignInAsync(MemberRole.Owner))
            Assert.Equal("/api-keys", (await other.PostAsync("/api-keys/authorize", $"/api-keys/gfk{Browser.Between(own, "/api-keys/gfk", "/")}/revoke")).Location);
        Assert.Equal(HttpStatusCode.OK, (await key.GetAsync("/api-keys/current")).Status);
        Assert.Equal("/api-keys", (await manager.PostAsync("/api-keys", $"/api-keys/gfk{Browser.Between(own, "/api-keys/gfk", "/")}/revoke")).Location);
        Assert.Equal(HttpStatusCode.Unauthorized, (await key.GetAsync("/api-keys/current")).Status);
    }

    [Theory]
    [InlineData("permissions=btcpay.store.canfly")]
    [InlineData("permissions=unrestricted&redirect=javascript:alert(1)")]
    [InlineData("permissions=unrestricted&redirect=https://a:b@shop.example/")]
    public async Task A_request_that_cannot_be_is_said_so_and_offers_no_button(string query)
    {
        using var owner = await server.SignInAsync(MemberRole.Owner);
        var (status, page, _) = await owner.GetAsync("/api-keys/authorize?" + query);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.DoesNotContain("<button type=\"submit\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_gives_away_what_they_may_not_do()
    {
        using var manager = await server.SignInAsync(MemberRole.Manager);
        const string asked = "/api-keys/authorize?permissions=btcpay.store.canmodifystoresettings";
        var (status, page, _) = await manager.PostAsync(asked, "/api-keys/authorize", ("permissions", "btcpay.store.canmodifystoresettings"));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("may not do", page, StringComparison.Ordinal);
    }
}

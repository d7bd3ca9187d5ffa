using System.Text.RegularExpressions;
using Tributary.Server.Team;
using Tributary.Server.Tests.Stripe;

namespace Tributary.Server.Tests.Checkout;

/// <summary>What the checkout tells the risk gate, and what a shopper sees of its answers.</summary>
public sealed partial class CheckoutRiskTests : IAsyncLifetime
{
    private readonly RunningServer _server = new();

    private StripeClient Api => new(_server.Client, _server.SecretKey);

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_browser_has_one_name_which_can_be_blocked_and_the_page_tells_it_nothing()
    {
        using var analyst = await _server.SignInAsync(MemberRole.Analyst);
        using var mallory = new Browser(_server.Address);
        var (page, intent) = await OpenAsync(mallory);
        var device = mallory.Cookies.GetCookies(_server.Address)["tributary.device"]!;
        Assert.True(device.HttpOnly);
        Assert.Equal(24, device.Value.Length);
        await PayAsync(mallory, page, "4242424242424242");
        Assert.Equal(device.Value, mallory.Cookies.GetCookies(_server.Address)["tributary.device"]!.Value);
        Assert.Equal("/dashboard/lists", (await analyst.PostAsync("/dashboard/payments/" + intent, $"/dashboard/payments/{intent}/list", ("list", "blocked_devices"))).Location);

        (page, intent) = await OpenAsync(mallory);
        var refused = await PayAsync(mallory, page, "4242424242424242");
        Assert.Contains("The card was declined", refused, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?i)block|risk|fraud|list|device", Visible(refused));

        // The page gives out no invoice and no address, and asks the gate nothing new when it is loaded again.
        Assert.DoesNotContain("lnbcrt", refused, StringComparison.OrdinalIgnoreCase);
        var attempts = await AttemptsAsync(analyst, intent);
        await mallory.GetAsync(page);
        await mallory.GetAsync(page);
        Assert.Equal(attempts, await AttemptsAsync(analyst, intent));

        using var somebody = new Browser(_server.Address);
        Assert.Contains("phase-paid", await PayAsync(somebody, (await OpenAsync(somebody)).Page, "4242424242424242"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_browsers_address_is_told_to_the_gate()
    {
        using var analyst = await _server.SignInAsync(MemberRole.Analyst);
        await analyst.PostAsync("/dashboard/lists", "/dashboard/lists", ("list", "blocked_addresses"), ("value", "127.0.0.1"));
        using var shopper = new Browser(_server.Address);
        Assert.Contains("The card was declined", await PayAsync(shopper, (await OpenAsync(shopper)).Page, "4242424242424242"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guest_is_known_by_the_address_that_the_shop_gives()
    {
        using var analyst = await _server.SignInAsync(MemberRole.Analyst);
        Assert.Equal("/dashboard/lists", (await analyst.PostAsync("/dashboard/lists", "/dashboard/lists", ("list", "blocked_customers"), ("value", "Mallory@Example.org"))).Location);
        foreach (var (email, isPaid) in new[] { ("mallory@example.org", false), ("ann@example.org", true) })
        {
            using var shopper = new Browser(_server.Address);
            var session = await Api.PostAsync("/v1/checkout/sessions", $"mode=payment&customer_email={email}&success_url=https://shop.example/done&line_items[0][quantity]=1&line_items[0][price_data][currency]=eur&line_items[0][price_data][unit_amount]=500&line_items[0][price_data][product_data][name]=Tea");
            var page = new Uri(session.Text("url")).PathAndQuery;
            Assert.Equal(isPaid, (await PayAsync(shopper, page, "4242424242424242")).Contains("phase-paid", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("4100000000000019")]
    [InlineData("4000000000004954")]
    public async Task A_blocked_card_reads_as_any_declined_card(string number)
    {
        using var shopper = new Browser(_server.Address);
        var blocked = await PayAsync(shopper, (await OpenAsync(shopper)).Page, number);
        var plain = await PayAsync(shopper, (await OpenAsync(shopper)).Page, "4000000000000002");
        Assert.Equal(Browser.Between(plain, "role=\"alert\"", "</p>"), Browser.Between(blocked, "role=\"alert\"", "</p>"));
    }

    [Fact]
    public async Task A_payment_that_is_held_says_so_until_somebody_has_looked()
    {
        using var shopper = new Browser(_server.Address);
        var (page, _) = await OpenAsync(shopper);
        var held = await PayAsync(shopper, page, "4000000000009235");
        Assert.Contains("phase-underreview", held, StringComparison.Ordinal);
        Assert.Contains("The shop checks this payment", held, StringComparison.Ordinal);
        Assert.Contains("http-equiv=\"refresh\"", held, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?i)risk|fraud|score", Visible(held));
        Assert.Contains("Der Shop prüft diese Zahlung", (await shopper.GetAsync(page + "?lang=de")).Text, StringComparison.Ordinal);

        using var analyst = await _server.SignInAsync(MemberRole.Analyst);
        var id = Browser.Between((await analyst.GetAsync("/dashboard/reviews")).Text, "/dashboard/reviews/", "/approve");
        Assert.Equal("/dashboard/reviews", (await analyst.PostAsync("/dashboard/reviews", $"/dashboard/reviews/{id}/approve")).Location);
        while (!(await shopper.GetAsync(page)).Text.Contains("phase-paid", StringComparison.Ordinal))
            await Task.Delay(50, TestContext.Current.CancellationToken);
    }

    private async Task<(string Page, string Intent)> OpenAsync(Browser browser)
    {
        var bought = await browser.PostBareAsync("/shop/buy", ("sku", "coffee"));
        var page = bought.Location!;
        await browser.GetAsync(page);
        var intents = await Api.GetAsync("/v1/payment_intents?limit=1");
        return (page, intents.Ids[0]);
    }

    private static async Task<string> PayAsync(Browser browser, string page, string number)
    {
        var paid = await browser.PostBareAsync(page + "/card", ("number", number), ("expiry", "12/34"), ("cvc", "123"));
        return paid.Location is null ? paid.Text : (await browser.GetAsync(paid.Location)).Text;
    }

    private static async Task<int> AttemptsAsync(Browser analyst, string intent) =>
        Row().Count(Browser.Between((await analyst.GetAsync("/dashboard/payments/" + intent)).Text, "aria-label=\"Attempts\"", "</table>"));

    private static string Visible(string html) => Tag().Replace(Browser.Between(html, "data-live=\"panel\"", "</main>"), " ");

    [GeneratedRegex("<tr>")]
    private static partial Regex Row();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();
}

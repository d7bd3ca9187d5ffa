using System.Net;
using System.Text.RegularExpressions;
using Tributary.Server.Team;
using Tributary.Server.Tests.Stripe;

namespace Tributary.Server.Tests.Dashboard;

/// <summary>The analyst's lists decide about the next payment.</summary>
public sealed partial class ListPagesTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Page = "/dashboard/lists";

    private StripeClient Api => new(server.Client, server.SecretKey);

    [Fact]
    public async Task A_blocked_address_pays_no_more_until_it_is_taken_off_and_other_addresses_do()
    {
        const string payer = "&tributary[payer][ip_address]=203.0.113.77";
        using var analyst = await server.SignInAsync(MemberRole.Analyst);
        Assert.Equal(HttpStatusCode.OK, await TryAsync(payer));
        Assert.Equal(Page, (await analyst.PostAsync(Page, Page, ("list", "blocked_addresses"), ("value", " 203.0.113.77 "), ("reason", "card testing"))).Location);
        Assert.Equal(HttpStatusCode.PaymentRequired, await TryAsync(payer));
        Assert.Equal(HttpStatusCode.OK, await TryAsync("&tributary[payer][ip_address]=203.0.113.78"));
        var listed = (await analyst.GetAsync(Page)).Text;
        Assert.Contains("card testing", listed, StringComparison.Ordinal);
        var row = listed.Split("<tr>").Single(static part => part.Contains("203.0.113.77", StringComparison.Ordinal));
        Assert.Equal(Page, (await analyst.PostAsync(Page, Page + "/remove", ("list", "blocked_addresses"), ("entry", Entry().Match(row).Groups[1].Value))).Location);
        Assert.Equal(HttpStatusCode.OK, await TryAsync(payer));
        Assert.Equal(HttpStatusCode.NotFound, (await analyst.PostAsync(Page, Page + "/remove", ("list", "blocked_addresses"), ("entry", "x"))).Status);
    }

    [Fact]
    public async Task What_took_part_in_a_payment_is_blocked_though_nobody_can_spell_it_out()
    {
        const string payer = "&tributary[payer][device]=the-laptop-of-mallory";
        var intent = await Api.PayAsync(700, more: payer);
        var bare = await Api.PayAsync(700);
        using var analyst = await server.SignInAsync(MemberRole.Analyst);
        Assert.Equal(Page, (await analyst.PostAsync("/dashboard/payments/" + intent, $"/dashboard/payments/{intent}/list", ("list", "blocked_devices"))).Location);
        Assert.Contains("of payment " + intent, (await analyst.GetAsync(Page)).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.PaymentRequired, await TryAsync(payer));
        Assert.Equal(HttpStatusCode.OK, await TryAsync("&tributary[payer][device]=another"));

        var without = await analyst.PostAsync("/dashboard/payments/" + bare, $"/dashboard/payments/{bare}/list", ("list", "blocked_devices"));
        Assert.Equal(HttpStatusCode.BadRequest, without.Status);
        Assert.Contains("came without a device", without.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await analyst.PostAsync(Page, "/dashboard/payments/pi_none/list", ("list", "blocked_devices"))).Status);
    }

    [Fact]
    public async Task A_blocked_customer_stays_blocked_after_a_restart()
    {
        await using var fresh = new RunningServer();
        await fresh.InitializeAsync();
        var api = new StripeClient(fresh.Client, fresh.SecretKey);
        var customer = (await api.PostAsync("/v1/customers", "name=Mallory")).Text("id");
        using (var analyst = await fresh.SignInAsync(MemberRole.Analyst))
            Assert.Equal(Page, (await analyst.PostAsync("/dashboard/customers/" + customer, Page, ("list", "blocked_customers"), ("value", customer), ("back", Page))).Location);
        await fresh.RestartAsync();
        api = new StripeClient(fresh.Client, fresh.SecretKey);
        Assert.Equal(HttpStatusCode.PaymentRequired, (await api.PostAsync("/v1/payment_intents", $"amount=500&currency=eur&confirm=true&payment_method=pm_card_visa&customer={customer}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await api.PostAsync("/v1/payment_intents", "amount=500&currency=eur&confirm=true&payment_method=pm_card_visa")).Status);
    }

    [Theory]
    [InlineData("blocked_addresses", "300.1.1.1", "IP address")]
    [InlineData("blocked_cards", "42", "card's number")]
    [InlineData("blocked_people", "x", "Choose a list")]
    [InlineData("blocked_devices", " ", "1 to 200")]
    public async Task What_is_no_entry_is_refused(string list, string value, string reason)
    {
        using var analyst = await server.SignInAsync(MemberRole.Analyst);
        var refused = await analyst.PostAsync(Page, Page, ("list", list), ("value", value), ("reason", ""));
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains(reason, refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_card_the_last_four_digits_are_kept_and_nothing_else()
    {
        using var analyst = await server.SignInAsync(MemberRole.Analyst);
        Assert.Equal(Page, (await analyst.PostAsync(Page, Page, ("list", "blocked_cards"), ("value", "3782 822463 10005"), ("reason", ""))).Location);
        var page = (await analyst.GetAsync(Page)).Text;
        Assert.Contains("•••• 0005", page, StringComparison.Ordinal);
        Assert.DoesNotContain("78282246310005", page.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        var refused = await Api.PostAsync("/v1/payment_intents", "amount=500&currency=eur&confirm=true&payment_method=pm_card_amex");
        Assert.Equal(HttpStatusCode.PaymentRequired, refused.Status);
    }

    private async Task<HttpStatusCode> TryAsync(string payer) => (await Api.PostAsync("/v1/payment_intents", "amount=500&currency=eur&confirm=true&payment_method=pm_card_visa" + payer)).Status;

    [GeneratedRegex("name=\"entry\" value=\"([^\"]+)\"")]
    private static partial Regex Entry();
}

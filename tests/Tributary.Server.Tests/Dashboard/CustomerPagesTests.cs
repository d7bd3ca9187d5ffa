using System.Net;
using Tributary.Server.Team;
using Tributary.Server.Tests.Stripe;

namespace Tributary.Server.Tests.Dashboard;

/// <summary>Customers in the dashboard.</summary>
public sealed class CustomerPagesTests(RunningServer server) : IClassFixture<RunningServer>
{
    private StripeClient Api => new(server.Client, server.SecretKey);

    [Theory]
    [InlineData("lovelace")]
    [InlineData("ADA@example")]
    [InlineData("5550100")]
    public async Task A_customer_is_found_by_a_part_of_what_is_known(string text)
    {
        var id = (await Api.PostAsync("/v1/customers", "name=Ada Lovelace&email=ada@example.org&phone=%2B15550100")).Text("id");
        await Api.PostAsync("/v1/customers", "name=Somebody 100%25 else&email=other@example.org");
        using var browser = await server.SignInAsync(MemberRole.Viewer);
        var found = await browser.GetAsync("/dashboard/customers?q=" + Uri.EscapeDataString(text));
        Assert.Contains(id, found.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Somebody", found.Text, StringComparison.Ordinal);

        // A sign of the search's own language is a sign like any other.
        var percent = await browser.GetAsync("/dashboard/customers?q=0%25");
        Assert.Contains("Somebody 100% else", percent.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(id, percent.Text, StringComparison.Ordinal);
        Assert.Contains("Nobody is found", (await browser.GetAsync("/dashboard/customers?q=nobody-at-all")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_customers_story_has_payments_refunds_disputes_and_what_was_refused()
    {
        var customer = (await Api.PostAsync("/v1/customers", "name=Grace&email=grace@example.org&metadata[tier]=gold")).Text("id");
        var paid = await Api.PayAsync(2500, more: "&description=Two books&customer=" + customer);
        await Api.PostAsync("/v1/refunds", $"payment_intent={paid}&amount=500");
        var disputed = await Api.PayAsync(900, "pm_card_createDispute", "&customer=" + customer);
        await Api.PostAsync("/v1/payment_intents", $"amount=700&currency=eur&confirm=true&payment_method=pm_card_radarBlock&customer={customer}");

        using var browser = await server.SignInAsync(MemberRole.Support);
        (HttpStatusCode Status, string Text, string? Location) story;
        do
            story = await browser.GetAsync("/dashboard/customers/" + customer);
        while (!story.Text.Contains("2 payments", StringComparison.Ordinal));
        foreach (var part in (string[])["Grace", "grace@example.org", "gold", "€34.00", "Two books", paid, disputed, "Paid back", "Waits for your answer", "Blocked"])
            Assert.Contains(part, story.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/dashboard/customers/cus_none")).Status);
        Assert.Contains("/dashboard/customers/" + customer, (await browser.GetAsync("/dashboard/payments/" + paid)).Text, StringComparison.Ordinal);
    }
}

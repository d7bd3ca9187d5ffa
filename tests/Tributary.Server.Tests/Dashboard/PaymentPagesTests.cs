using System.Net;
using Tributary.Server.Team;
using Tributary.Server.Tests.Stripe;

namespace Tributary.Server.Tests.Dashboard;

/// <summary>What a member does to one payment.</summary>
public sealed class PaymentPagesTests(RunningServer server) : IClassFixture<RunningServer>
{
    private StripeClient Api => new(server.Client, server.SecretKey);

    [Fact]
    public async Task Held_money_is_taken_in_part_and_the_activity_names_who()
    {
        var intent = await Api.PayAsync(3000, more: "&capture_method=manual");
        var page = "/dashboard/payments/" + intent;
        using var support = await server.SignInAsync(MemberRole.Support);
        Assert.Contains("Capture</button>", (await support.GetAsync(page)).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await support.PostAsync(page, page + "/capture", ("amount", "12.345"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await support.PostAsync(page, page + "/capture", ("amount", "30.01"))).Status);
        Assert.Equal(page, (await support.PostAsync(page, page + "/capture", ("amount", "20.00"))).Location);
        await Api.WaitAsync("/v1/payment_intents/" + intent, "succeeded");
        Assert.DoesNotContain("Capture</button>", (await support.GetAsync(page)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Payments_are_found_in_plain_words_on_the_page_and_in_the_export()
    {
        var customer = (await Api.PostAsync("/v1/customers", "name=Ada&email=ada@search.example")).Text("id");
        var lamp = await Api.PayAsync(77_701, more: $"&description=Eine rote Lampe&customer={customer}&metadata[search_order]=L-17");
        var book = await Api.PayAsync(77_702, more: "&description=Ein rotes Buch");
        using var manager = await server.SignInAsync(MemberRole.Manager);
        foreach (var words in (string[])["777.01 eur", "amount:777-777.01", "rote lampe", "rote status:succeeded 777.01", "customer:ada@search.example", "customer:" + customer, "search_order:L-17", lamp])
        {
            foreach (var path in (string[])["/dashboard/payments", "/dashboard/payments.csv"])
            {
                var found = (await manager.GetAsync($"{path}?q={Uri.EscapeDataString(words)}")).Text;
                Assert.True(found.Contains(lamp, StringComparison.Ordinal), words);
                Assert.False(found.Contains(book, StringComparison.Ordinal), words);
            }
        }

        var both = (await manager.GetAsync("/dashboard/payments?q=" + Uri.EscapeDataString("amount:>777 amount:<778 eur rot"))).Text;
        Assert.True(both.Contains(lamp, StringComparison.Ordinal) && both.Contains(book, StringComparison.Ordinal));
        var (status, text, _) = await manager.GetAsync("/dashboard/payments?q=amount:much");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("is no amount", text, StringComparison.Ordinal);
        Assert.Contains("value=\"amount:much\"", text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await manager.GetAsync("/dashboard/payments.csv?q=amount:much")).Status);
    }

    [Fact]
    public async Task A_payment_is_given_up_and_a_viewer_has_no_button()
    {
        var intent = await Api.PayAsync(3000, more: "&capture_method=manual");
        var page = "/dashboard/payments/" + intent;
        using var viewer = await server.SignInAsync(MemberRole.Viewer);
        Assert.DoesNotContain("Cancel the payment", (await viewer.GetAsync(page)).Text, StringComparison.Ordinal);
        using var manager = await server.SignInAsync(MemberRole.Manager);
        Assert.Equal(page, (await manager.PostAsync(page, page + "/cancel")).Location);
        Assert.Equal("canceled", (await Api.GetAsync("/v1/payment_intents/" + intent)).Text("status"));
        Assert.Equal(HttpStatusCode.NotFound, (await manager.PostAsync(page, "/dashboard/payments/pi_none/cancel")).Status);
    }

    [Fact]
    public async Task A_refund_of_support_waits_for_somebody_who_may_and_both_are_named()
    {
        var intent = await Api.PayAsync(3000);
        var page = "/dashboard/payments/" + intent;
        using var support = await server.SignInAsync(MemberRole.Support);
        using var manager = await server.SignInAsync(MemberRole.Manager);
        Assert.Equal(page, (await support.PostAsync(page, page + "/refund", ("amount", "5.00"), ("reason", "duplicate"))).Location);
        var asked = (await manager.GetAsync("/dashboard/refunds")).Text;
        var id = Browser.Between(asked, "/dashboard/refunds/", "/approve");
        Assert.Equal("/dashboard/refunds", (await manager.PostAsync("/dashboard/refunds", $"/dashboard/refunds/{id}/approve")).Location);
        var story = (await support.GetAsync(page)).Text;
        foreach (var member in new[] { support, manager })
            Assert.Contains(Browser.Between((await member.GetAsync("/dashboard/account")).Text, "href=\"/dashboard/account\" aria-current=\"page\">", "<"), story, StringComparison.Ordinal);
        Assert.Contains("Paid back", story, StringComparison.Ordinal);
    }
}

using Tributary.Server.Team;
using Tributary.Server.Tests.Stripe;

namespace Tributary.Server.Tests.Dashboard;

/// <summary>The first page: figures of today, how payments came out, and what waits for somebody.</summary>
public sealed class OverviewTests : IAsyncLifetime
{
    private readonly RunningServer _server = new();

    private StripeClient Api => new(_server.Client, _server.SecretKey);

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Payments_that_were_tried_are_counted_by_how_they_came_out_and_read_without_a_drawing()
    {
        await Api.PayAsync(1000);
        await Api.PayAsync(1500);
        await Api.PostAsync("/v1/payment_intents", "amount=900&currency=eur&confirm=true&payment_method=pm_card_chargeDeclined");
        var lost = await Api.PostAsync("/v1/payment_intents", "amount=900&currency=eur&confirm=true&payment_method=pm_card_visa&capture_method=manual");
        await Api.PostAsync($"/v1/payment_intents/{lost.Text("id")}/cancel");

        // Nobody tried to pay this one.
        var untouched = await Api.PostAsync("/v1/payment_intents", "amount=900&currency=eur");
        await Api.PostAsync($"/v1/payment_intents/{untouched.Text("id")}/cancel");
        await Api.PayAsync(800, "pm_card_createDispute");
        await Api.PayAsync(700, "pm_card_riskLevelElevated");

        using var viewer = await _server.SignInAsync(MemberRole.Viewer);
        var text = (await viewer.GetAsync("/dashboard")).Text;
        while (!text.Contains("3 of 4", StringComparison.Ordinal) || !text.Contains("dispute to answer", StringComparison.Ordinal))
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
            text = (await viewer.GetAsync("/dashboard")).Text;
        }

        Assert.Contains("75 %", text, StringComparison.Ordinal);
        Assert.Contains("<td class=\"number\">3</td><td class=\"number\">1</td><td class=\"number\">2</td><td class=\"number\">75</td>", text, StringComparison.Ordinal);
        Assert.Contains("payment to review", text, StringComparison.Ordinal);
        Assert.Contains("€33.00", text, StringComparison.Ordinal);
        foreach (var days in (string[])["7", "90", "1000", "x"])
            Assert.Contains("Received in EUR", (await viewer.GetAsync("/dashboard?days=" + days)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_review_gives_held_money_back_and_one_that_settled_is_refunded()
    {
        var held = await Api.PayAsync(700, "pm_card_riskLevelElevated");
        using var manager = await _server.SignInAsync(MemberRole.Manager);
        var page = (await manager.GetAsync("/dashboard/reviews")).Text;
        var id = Browser.Between(page, "/dashboard/reviews/", "/approve");
        Assert.Equal("/dashboard/reviews", (await manager.PostAsync("/dashboard/reviews", $"/dashboard/reviews/{id}/refuse")).Location);
        Assert.Equal("canceled", (await Api.GetAsync("/v1/payment_intents/" + held)).Text("status"));

        var taken = await Api.PayAsync(900, "pm_card_riskLevelElevated");
        await Api.PostAsync($"/v1/payment_intents/{taken}/capture");
        await Api.WaitAsync("/v1/payment_intents/" + taken, "succeeded");
        var first = id;
        while (string.Equals(id = Browser.Between((await manager.GetAsync("/dashboard/reviews")).Text, "/dashboard/reviews/", "/approve"), first, StringComparison.Ordinal))
            await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.Equal("/dashboard/reviews", (await manager.PostAsync("/dashboard/reviews", $"/dashboard/reviews/{id}/refuse")).Location);
        var refunds = await Api.GetAsync("/v1/refunds?payment_intent=" + taken);
        Assert.Equal("fraudulent", refunds.Body.GetProperty("data")[0].GetProperty("reason").GetString());
        while (!(await manager.GetAsync("/dashboard/reviews")).Text.Contains("Refused as fraud", StringComparison.Ordinal))
            await Task.Delay(50, TestContext.Current.CancellationToken);
    }
}

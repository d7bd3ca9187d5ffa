using System.Net;
using System.Text.RegularExpressions;
using Tributary.Server.Team;
using Tributary.Server.Tests.Stripe;

namespace Tributary.Server.Tests.Dashboard;

/// <summary>Disputes in the dashboard.</summary>
public sealed partial class DisputePagesTests(RunningServer server) : IClassFixture<RunningServer>
{
    private StripeClient Api => new(server.Client, server.SecretKey);

    [Theory]
    [InlineData("winning_evidence", "Won")]
    [InlineData("losing_evidence", "Lost")]
    [InlineData("we shipped it", "The bank looks at it")]
    public async Task Evidence_is_saved_sent_once_and_the_bank_decides(string text, string outcome)
    {
        using var support = await server.SignInAsync(MemberRole.Support);
        var page = await OpenAsync(support);
        Assert.Equal(page, (await support.PostAsync(page, page, ("customer_name", "Ada <b>"), ("act", "save"))).Location);
        var saved = await support.GetAsync(page);
        Assert.Contains("value=\"Ada <b>\"", saved.Text, StringComparison.Ordinal);
        Assert.Contains("Waits for your answer", saved.Text, StringComparison.Ordinal);
        Assert.Equal(page, (await support.PostAsync(page, page, ("customer_name", "Ada"), ("uncategorized_text", text), ("act", "submit"))).Location);
        Assert.Contains(outcome, (await support.GetAsync(page)).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await support.PostAsync(page, page, ("uncategorized_text", "more"), ("act", "submit"))).Status);
    }

    [Fact]
    public async Task A_dispute_is_accepted_and_nothing_can_be_sent_afterwards()
    {
        using var support = await server.SignInAsync(MemberRole.Support);
        var page = await OpenAsync(support);
        Assert.Equal(page, (await support.PostAsync(page, page + "/accept")).Location);
        var lost = await support.GetAsync(page);
        Assert.Contains("The money stays with the shopper", lost.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Send to the bank", lost.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await support.PostAsync(page, page + "/accept")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await support.PostAsync(page, "/dashboard/disputes/dp_none/accept")).Status);
    }

    [Fact]
    public async Task Nothing_said_and_too_much_said_are_refused()
    {
        using var support = await server.SignInAsync(MemberRole.Support);
        var page = await OpenAsync(support);
        Assert.Contains("Say something", (await support.PostAsync(page, page, ("act", "submit"))).Text, StringComparison.Ordinal);
        Assert.Contains("at most 20000", (await support.PostAsync(page, page, ("customer_name", new string('x', 20_001)), ("act", "save"))).Text, StringComparison.Ordinal);
        using var viewer = await server.SignInAsync(MemberRole.Viewer);
        Assert.DoesNotContain("Send to the bank", (await viewer.GetAsync(page)).Text, StringComparison.Ordinal);
    }

    private async Task<string> OpenAsync(Browser browser)
    {
        var intent = await Api.PayAsync(1200, "pm_card_createDispute");
        while (true)
        {
            var match = DisputeLink().Match((await browser.GetAsync("/dashboard/payments/" + intent)).Text);
            if (match.Success)
                return match.Value;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    [GeneratedRegex("/dashboard/disputes/dp_[A-Za-z0-9]+")]
    private static partial Regex DisputeLink();
}

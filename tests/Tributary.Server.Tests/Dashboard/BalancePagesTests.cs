using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Tributary.Payments.Reconciliation;
using Tributary.Server.Team;
using Tributary.Server.Tests.Stripe;

namespace Tributary.Server.Tests.Dashboard;

/// <summary>The balance and the switch of outgoing money, on a server of their own: the switch is one for all.</summary>
public sealed class BalancePagesTests : IAsyncLifetime
{
    private const string Page = "/dashboard/balance";
    private readonly RunningServer _server = new();

    private StripeClient Api => new(_server.Client, _server.SecretKey);

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Whoever_sees_something_wrong_stops_money_every_page_says_so_and_a_manager_lifts_it()
    {
        var intent = await Api.PayAsync(5000);
        using var support = await _server.SignInAsync(MemberRole.Support);
        using var manager = await _server.SignInAsync(MemberRole.Manager);
        Assert.Equal(Page, (await support.PostAsync(Page, Page + "/stop", ("reason", "a strange payout"))).Location);
        var stopped = await manager.GetAsync(Page);
        Assert.Contains("a strange payout", stopped.Text, StringComparison.Ordinal);
        Assert.Contains("Outgoing money is stopped.", (await support.GetAsync("/dashboard/customers")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Let money go out again</button>", (await support.GetAsync(Page)).Text, StringComparison.Ordinal);

        // A refund is decided on, and waits.
        var refund = await Api.PostAsync("/v1/refunds", $"payment_intent={intent}&amount=1000");
        Assert.Equal("pending", refund.Text("status"));
        Assert.Equal(HttpStatusCode.BadRequest, (await manager.PostAsync(Page, Page + "/resume", ("found", ""), ("anyway", "yes"))).Status);
        Assert.Contains("Stopped", (await manager.GetAsync(Page)).Text, StringComparison.Ordinal);
        Assert.Equal(Page, (await manager.PostAsync(Page, Page + "/resume", ("found", "it was ours"), ("anyway", "yes"))).Location);
        Assert.DoesNotContain("Outgoing money is stopped.", (await support.GetAsync("/dashboard/customers")).Text, StringComparison.Ordinal);
        await Api.WaitAsync("/v1/refunds/" + refund.Text("id"), "succeeded");
    }

    [Fact]
    public async Task A_mismatch_of_the_books_is_shown_with_its_reason_and_lifted_only_by_somebody_who_says_so()
    {
        var outgoing = _server.Services.GetRequiredService<OutgoingSwitch>();
        await outgoing.StopAsync("The books and the world differ: lightning: the ledger says 5 msat, and 4 msat are there.", TestContext.Current.CancellationToken);
        using var manager = await _server.SignInAsync(MemberRole.Manager);
        Assert.Contains("the ledger says 5 msat, and 4 msat are there", (await manager.GetAsync(Page)).Text, StringComparison.Ordinal);
        var lifted = await manager.PostAsync(Page, Page + "/resume", ("found", "a lost channel"));

        // The server has compared by then, or says that it could not be certain.
        Assert.True(lifted.Location is Page || lifted.Text.Contains("Tick the box", StringComparison.Ordinal), lifted.Text);
        Assert.Equal(Page, (await manager.PostAsync(Page, Page + "/resume", ("found", "a lost channel"), ("anyway", "yes"))).Location);
        Assert.False(await outgoing.IsStoppedAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_ledger_is_listed_adds_up_and_is_exported()
    {
        var intent = await Api.PayAsync(5000);
        await Api.PostAsync("/v1/refunds", $"payment_intent={intent}&amount=800");
        using var analyst = await _server.SignInAsync(MemberRole.Analyst);
        var page = await analyst.GetAsync(Page);
        Assert.Contains("<strong>€42.00</strong>", page.Text, StringComparison.Ordinal);
        Assert.Contains("intent money settled", page.Text, StringComparison.Ordinal);
        var csv = await analyst.GetAsync("/dashboard/balance.csv");
        var lines = csv.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("entry,at_utc,reason,source,unit,amount,fee,net", lines[0]);
        Assert.Equal(4200, lines.Skip(1).Sum(static line => long.Parse(line.Split(',')[7], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(HttpStatusCode.OK, (await analyst.PostAsync(Page, Page + "/check")).Location is Page ? HttpStatusCode.OK : HttpStatusCode.BadRequest);
        Assert.DoesNotContain("They were not compared yet", (await analyst.GetAsync(Page)).Text, StringComparison.Ordinal);
    }
}

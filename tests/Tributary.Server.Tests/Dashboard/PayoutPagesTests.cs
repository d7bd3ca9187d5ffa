using System.Net;
using System.Text.RegularExpressions;
using Tributary.Server.Team;
using Tributary.Server.Tests.Stripe;

namespace Tributary.Server.Tests.Dashboard;

/// <summary>Payouts and their limits in the dashboard, on a server of their own: they share one balance and one policy.</summary>
public sealed partial class PayoutPagesTests : IAsyncLifetime
{
    private const string Page = "/dashboard/payouts";
    private readonly RunningServer _server = new();

    private StripeClient Api => new(_server.Client, _server.SecretKey);

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Above_the_limit_somebody_else_has_to_agree_and_the_page_says_who_did_what()
    {
        await Api.PayAsync(50_000);
        using var owner = await _server.SignInAsync(MemberRole.Owner);
        using var manager = await _server.SignInAsync(MemberRole.Manager);
        Assert.Equal(Page, (await owner.PostAsync(Page, Page + "/policy", ("limit_eur", "100.00"), ("delay", "0"), ("cap", ""), ("destination", ""))).Location);
        Assert.Contains("Above €100.00 somebody else has to agree", (await manager.GetAsync(Page)).Text, StringComparison.Ordinal);

        // Below it at once, above it later.
        Assert.Equal(Page, (await manager.PostAsync(Page, Page, ("amount", "40"), ("currency", "eur"), ("description", "rent"))).Location);
        Assert.Contains("Paid", (await manager.GetAsync(Page)).Text, StringComparison.Ordinal);
        Assert.Equal(Page, (await manager.PostAsync(Page, Page, ("amount", "150.50"), ("currency", "eur"))).Location);
        var asked = await manager.GetAsync(Page);
        Assert.Contains("Waits for approval", asked.Text, StringComparison.Ordinal);
        Assert.Contains("Somebody else has to agree", asked.Text, StringComparison.Ordinal);
        var id = PayoutId().Match(asked.Text).Groups[1].Value;

        // Whoever asked does not approve, whatever the page shows.
        var self = await manager.PostAsync(Page, $"{Page}/{id}/approve");
        Assert.Equal(HttpStatusCode.BadRequest, self.Status);
        Assert.Contains("cannot approve it", self.Text, StringComparison.Ordinal);
        Assert.Equal(Page, (await owner.PostAsync(Page, $"{Page}/{id}/approve")).Location);
        var done = await owner.GetAsync(Page);
        Assert.DoesNotContain("Waits for approval", done.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await owner.PostAsync(Page, $"{Page}/{id}/approve")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await owner.PostAsync(Page, $"{Page}/po_none/approve")).Status);
        Assert.Contains(Email(await manager.GetAsync("/dashboard/account")), done.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_destination_waits_and_the_payout_is_taken_back_meanwhile()
    {
        await PayBitcoinAsync();
        using var owner = await _server.SignInAsync(MemberRole.Owner);
        Assert.Equal(Page, (await owner.PostAsync(Page, Page + "/policy", ("limit_btc", ""), ("delay", "24"), ("cap", ""), ("destination", ""))).Location);
        var address = await AddressAsync();
        var asked = await owner.PostAsync(Page, Page, ("amount", "20000"), ("currency", "btc"), ("destination", address));
        Assert.True(asked.Location is Page, Browser.Between(asked.Text, "role=\"alert\">", "<"));
        var page = await owner.GetAsync(Page);
        Assert.Contains("The destination is new: not before", page.Text, StringComparison.Ordinal);
        Assert.Contains(address, page.Text, StringComparison.Ordinal);
        var id = CancelId().Match(page.Text).Groups[1].Value;
        Assert.Equal(Page, (await owner.PostAsync(Page, $"{Page}/{id}/cancel")).Location);
        Assert.Contains("Taken back", (await owner.GetAsync(Page)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("12.345", "eur", "Write the amount like 12.50")]
    [InlineData("1.5", "btc", "whole satoshis")]
    [InlineData("-1", "eur", "Write the amount like 12.50")]
    [InlineData("0", "eur", "Write the amount like 12.50")]
    [InlineData("10", "xyz", "Choose a currency")]
    [InlineData("99999999999999", "eur", "can be at most")]
    [InlineData("10", "btc", "Name a Bitcoin address")]
    public async Task What_cannot_be_paid_is_refused_with_a_reason_and_kept_in_the_form(string amount, string currency, string reason)
    {
        using var manager = await _server.SignInAsync(MemberRole.Manager);
        var refused = await manager.PostAsync(Page, Page, ("amount", amount), ("currency", currency), ("description", "kept words"));
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains(reason, refused.Text, StringComparison.Ordinal);
        Assert.Contains("kept words", refused.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x", "0", "", "Write a limit like 100")]
    [InlineData("1", "721", "", "0 to 720 hours")]
    [InlineData("1", "0", "5", "A cap needs a destination")]
    public async Task A_policy_that_makes_no_sense_changes_nothing(string limit, string delay, string cap, string reason)
    {
        using var owner = await _server.SignInAsync(MemberRole.Owner);
        var refused = await owner.PostAsync(Page, Page + "/policy", ("limit_eur", limit), ("delay", delay), ("cap", cap), ("destination", ""));
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains(reason, refused.Text, StringComparison.Ordinal);
        using var manager = await _server.SignInAsync(MemberRole.Manager);
        Assert.Contains("No amount needs a second person", (await manager.GetAsync(Page)).Text, StringComparison.Ordinal);
    }

    private async Task PayBitcoinAsync()
    {
        var intent = (await Api.PostAsync("/v1/payment_intents", "amount=300000&currency=btc&confirm=true&payment_method_data[type]=lightning")).Text("id");
        while (true)
        {
            var paid = await Api.PostAsync($"/v1/test_helpers/payment_intents/{intent}/pay");
            if (paid.Status == HttpStatusCode.OK)
                break;
            await Task.Delay(250, TestContext.Current.CancellationToken);
        }

        await Api.WaitAsync("/v1/payment_intents/" + intent, "succeeded");
    }

    // A fresh address of the test chain, as an on-chain offer names one.
    private async Task<string> AddressAsync()
    {
        while (true)
        {
            var offered = await Api.PostAsync("/v1/payment_intents", "amount=30000&currency=btc&confirm=true&payment_method_data[type]=bitcoin");
            var match = BitcoinAddress().Match(offered.Raw);
            if (match.Success)
                return match.Value;
            await Task.Delay(250, TestContext.Current.CancellationToken);
        }
    }

    private static string Email((HttpStatusCode Status, string Text, string? Location) account) =>
        Browser.Between(account.Text, "href=\"/dashboard/account\" aria-current=\"page\">", "<");

    [GeneratedRegex("aria-label=\"Take back (po_[A-Za-z0-9]+)\"")]
    private static partial Regex PayoutId();

    [GeneratedRegex("/dashboard/payouts/(po_[A-Za-z0-9]+)/cancel")]
    private static partial Regex CancelId();

    [GeneratedRegex("bcrt1[a-z0-9]{20,80}")]
    private static partial Regex BitcoinAddress();
}

using System.Net;
using System.Text.RegularExpressions;
using Tributary.Server.Team;
using Tributary.Server.Tests.Stripe;

namespace Tributary.Server.Tests.Dashboard;

/// <summary>API keys in the dashboard.</summary>
public sealed partial class KeyPagesTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Page = "/dashboard/keys";

    [Fact]
    public async Task A_restricted_key_is_shown_once_may_what_it_was_granted_and_sends_no_more_than_its_limit()
    {
        using var manager = await server.SignInAsync(MemberRole.Manager);
        var made = await manager.PostAsync(
            Page, Page, ("name", "refund robot"), ("kind", "Restricted"), ("grant_Refunds", "Write"), ("grant_PaymentIntents", "Read"), ("limit", "10.00"), ("currency", "eur"));
        Assert.Equal(HttpStatusCode.OK, made.Status);
        var secret = Secret().Match(made.Text).Value;
        Assert.StartsWith("rk_test_", secret, StringComparison.Ordinal);
        var listed = (await manager.GetAsync(Page)).Text;
        Assert.DoesNotContain(secret, listed, StringComparison.Ordinal);
        Assert.Contains("refund robot", listed, StringComparison.Ordinal);
        Assert.Contains("Refunds: write", listed, StringComparison.Ordinal);
        Assert.Contains("€10.00", listed, StringComparison.Ordinal);

        var intent = await new StripeClient(server.Client, server.SecretKey).PayAsync(5000);
        var api = new StripeClient(server.Client, secret);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/v1/payment_intents/" + intent)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await api.PostAsync("/v1/payment_intents", "amount=100&currency=eur")).Status);
        Assert.Equal(HttpStatusCode.OK, (await api.PostAsync("/v1/refunds", $"payment_intent={intent}&amount=1000")).Status);
        Assert.Equal("spending_limit_exceeded", (await api.PostAsync("/v1/refunds", $"payment_intent={intent}&amount=1")).ErrorCode);
    }

    [Fact]
    public async Task A_rolled_key_works_on_for_a_while_and_a_revoked_one_not()
    {
        using var manager = await server.SignInAsync(MemberRole.Manager);
        var first = Secret().Match((await manager.PostAsync(Page, Page, ("name", "to roll"), ("kind", "Secret"))).Text).Value;
        var id = RowOf(await manager.GetAsync(Page), "to roll");
        Assert.Equal(HttpStatusCode.BadRequest, (await manager.PostAsync(Page, $"{Page}/{id}/roll", ("hours", "169"))).Status);
        var second = Secret().Match((await manager.PostAsync(Page, $"{Page}/{id}/roll", ("hours", "24"))).Text).Value;
        Assert.NotEqual(first, second, StringComparer.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await new StripeClient(server.Client, first).GetAsync("/v1/balance")).Status);
        Assert.Equal(HttpStatusCode.OK, (await new StripeClient(server.Client, second).GetAsync("/v1/balance")).Status);
        Assert.Equal(Page, (await manager.PostAsync(Page, $"{Page}/{id}/revoke")).Location);
        Assert.Equal(HttpStatusCode.Unauthorized, (await new StripeClient(server.Client, first).GetAsync("/v1/balance")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await manager.PostAsync(Page, $"{Page}/{id}/revoke")).Status);
    }

    [Theory]
    [InlineData("Restricted", "", "", "at least one permission")]
    [InlineData("Secret", "", "5", "Only a restricted key")]
    [InlineData("Other", "", "", "Choose a kind")]
    [InlineData("Restricted", "Read", "1.234", "Write the limit")]
    public async Task A_key_that_makes_no_sense_is_not_made(string kind, string grant, string limit, string reason)
    {
        using var manager = await server.SignInAsync(MemberRole.Manager);
        var refused = await manager.PostAsync(Page, Page, ("kind", kind), ("grant_Balance", grant), ("limit", limit), ("currency", "eur"));
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains(reason, refused.Text, StringComparison.Ordinal);
        Assert.DoesNotMatch(Secret(), refused.Text);
    }

    private static string RowOf((HttpStatusCode Status, string Text, string? Location) page, string name) =>
        KeyId().Match(page.Text.Split("<tr>").Single(row => row.Contains(name, StringComparison.Ordinal))).Value;

    [GeneratedRegex("[rsp]k_test_[A-Za-z0-9]{32}")]
    private static partial Regex Secret();

    [GeneratedRegex("key_[A-Za-z0-9]+")]
    private static partial Regex KeyId();
}

using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Tributary.Payments.Webhooks;
using Tributary.Server.Team;
using Tributary.Server.Tests.Stripe;

namespace Tributary.Server.Tests.Dashboard;

/// <summary>Webhook endpoints in the dashboard, with a receiver.</summary>
public sealed partial class WebhookPagesTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Page = "/dashboard/webhooks";

    private StripeClient Api => new(server.Client, server.SecretKey);

    [Fact]
    public async Task A_failed_delivery_shows_what_was_sent_and_what_came_back_and_is_sent_again()
    {
        await using var target = await HookTarget.StartAsync();
        (target.Status, target.Answer) = (503, "<script>down</script> for maintenance");
        using var manager = await server.SignInAsync(MemberRole.Manager);
        var (id, _) = await MakeAsync(manager, target, "customer.created");
        var customer = (await Api.PostAsync("/v1/customers", "name=Log")).Text("id");
        await target.WaitAsync(body => body.Contains(customer, StringComparison.Ordinal), 1);

        (HttpStatusCode Status, string Text, string? Location) list;
        do
            list = await manager.GetAsync($"{Page}/{id}?show=waiting");
        while (!list.Text.Contains("503", StringComparison.Ordinal));
        var delivery = DeliveryLink().Match(list.Text).Value;
        var shown = await manager.GetAsync(delivery);
        Assert.Contains("<script>down</script> for maintenance", shown.Text, StringComparison.Ordinal);
        Assert.Contains($"\"id\": \"{customer}\"", shown.Text, StringComparison.Ordinal);

        target.Status = 200;
        Assert.Equal(delivery, (await manager.PostAsync(delivery, delivery + "/repeat", ("back", delivery))).Location);
        while (!(await manager.GetAsync(delivery)).Text.Contains("Delivered", StringComparison.Ordinal))
            await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.Contains("try 2,", (await manager.GetAsync(delivery)).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await manager.GetAsync(Page + "/deliveries/wd_none")).Status);
    }

    [Fact]
    public async Task A_secret_that_is_replaced_signs_beside_the_new_one_for_as_long_as_asked()
    {
        await using var target = await HookTarget.StartAsync();
        using var manager = await server.SignInAsync(MemberRole.Manager);
        var (id, first) = await MakeAsync(manager, target, "customer.created");
        var rotated = await manager.PostAsync($"{Page}/{id}", $"{Page}/{id}/secret", ("hours", "24"));
        var second = Secret().Match(rotated.Text).Value;
        Assert.NotEqual(first, second, StringComparer.Ordinal);
        await SignedByAsync(target, second, first);

        // Once more, at once: the first is gone, and so is the second.
        var third = Secret().Match((await manager.PostAsync($"{Page}/{id}", $"{Page}/{id}/secret", ("hours", "0"))).Text).Value;
        await SignedByAsync(target, third);
        Assert.Equal(HttpStatusCode.BadRequest, (await manager.PostAsync($"{Page}/{id}", $"{Page}/{id}/secret", ("hours", "169"))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await manager.PostAsync($"{Page}/{id}", $"{Page}/we_none/secret", ("hours", "1"))).Status);
    }

    [Fact]
    public async Task Events_are_sent_again_from_a_place_on_those_that_were_missed_too()
    {
        var before = (await Api.PostAsync("/v1/customers", "name=Before")).Text("id");
        await using var target = await HookTarget.StartAsync();
        using var manager = await server.SignInAsync(MemberRole.Manager);
        var (id, _) = await MakeAsync(manager, target, "customer.created");
        var after = (await Api.PostAsync("/v1/customers", "name=After")).Text("id");
        await target.WaitAsync(body => body.Contains(after, StringComparison.Ordinal), 1);
        Assert.DoesNotContain(target.Received, one => one.Body.Contains(before, StringComparison.Ordinal));

        var events = await Api.GetAsync("/v1/events?type=customer.created&limit=100");
        var from = events.Body.GetProperty("data").EnumerateArray().Single(told => told.GetProperty("data").GetProperty("object").GetProperty("id").ValueEquals(before)).GetProperty("id").GetString()!;
        Assert.Equal($"{Page}/{id}", (await manager.PostAsync($"{Page}/{id}", $"{Page}/{id}/replay", ("from", from))).Location);
        await target.WaitAsync(body => body.Contains(before, StringComparison.Ordinal), 1);
        await target.WaitAsync(body => body.Contains(after, StringComparison.Ordinal), 2);
        foreach (var wrong in (string[])["", "evt_none", "yesterday", "-5"])
            Assert.Equal(HttpStatusCode.BadRequest, (await manager.PostAsync($"{Page}/{id}", $"{Page}/{id}/replay", ("from", wrong))).Status);
    }

    [Fact]
    public async Task An_endpoint_that_is_switched_off_hears_nothing()
    {
        await using var target = await HookTarget.StartAsync();
        using var manager = await server.SignInAsync(MemberRole.Manager);
        var (id, _) = await MakeAsync(manager, target, "*");
        Assert.Equal($"{Page}/{id}", (await manager.PostAsync($"{Page}/{id}", $"{Page}/{id}", ("url", target.Address), ("events", "customer.created"))).Location);
        var quiet = (await Api.PostAsync("/v1/customers", "name=Quiet")).Text("id");
        Assert.Contains("off</span>", (await manager.GetAsync(Page)).Text, StringComparison.Ordinal);
        await using var other = await HookTarget.StartAsync();
        await MakeAsync(manager, other, "customer.created");
        var loud = (await Api.PostAsync("/v1/customers", "name=Loud")).Text("id");
        await other.WaitAsync(body => body.Contains(loud, StringComparison.Ordinal), 1);
        Assert.DoesNotContain(target.Received, one => one.Body.Contains(quiet, StringComparison.Ordinal));
    }

    private static async Task<(string Id, string Secret)> MakeAsync(Browser manager, HookTarget target, string events)
    {
        var made = await manager.PostAsync(Page, Page, ("url", target.Address), ("events", events));
        Assert.Equal(HttpStatusCode.OK, made.Status);
        var row = made.Text.Split("<tr>").Single(part => part.Contains(target.Address, StringComparison.Ordinal));
        return (EndpointId().Match(row).Value, Secret().Match(made.Text).Value);
    }

    private async Task SignedByAsync(HookTarget target, params string[] secrets)
    {
        var customer = (await Api.PostAsync("/v1/customers", "name=Signed")).Text("id");
        var (signature, body) = (await target.WaitAsync(text => text.Contains(customer, StringComparison.Ordinal), 1))[0];
        var at = DateTimeOffset.FromUnixTimeSeconds(long.Parse(Browser.Between(signature, "t=", ","), CultureInfo.InvariantCulture));
        Assert.Equal(WebhookSignature.Header(secrets, body, at), signature);
    }

    [GeneratedRegex("/dashboard/webhooks/deliveries/wd_[A-Za-z0-9]+")]
    private static partial Regex DeliveryLink();

    [GeneratedRegex("we_[A-Za-z0-9]+")]
    private static partial Regex EndpointId();

    [GeneratedRegex("whsec_[A-Za-z0-9]+")]
    private static partial Regex Secret();
}

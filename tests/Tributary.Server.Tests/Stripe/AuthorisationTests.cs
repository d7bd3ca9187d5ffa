using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Tributary.Payments.Access;
using Tributary.Server.Stripe;

namespace Tributary.Server.Tests.Stripe;

/// <summary>Every route below /v1, found by what the server maps, tried with every kind of key.</summary>
public sealed class AuthorisationTests(RunningServer server) : IClassFixture<RunningServer>
{
    private StripeClient Secret => new(server.Client, server.SecretKey);

    [Fact]
    public void Every_route_has_a_rule()
    {
        var lacking = Routes().Where(static route => route.Rule is null).Select(static route => $"{route.Method} {route.Path}");
        Assert.Empty(lacking);
        Assert.True(Routes().Count > 20);
    }

    [Fact]
    public async Task No_route_answers_without_a_key_that_is_one()
    {
        var revoked = await MakeAsync("type=secret");
        Assert.Equal(HttpStatusCode.OK, (await Secret.DeleteAsync($"/v1/api_keys/{revoked.Text("id")}")).Status);
        foreach (var route in Routes())
        {
            foreach (var secret in (string?[])[null, "sk_test_wrong", revoked.Text("secret"), new string('k', 4000)])
            {
                var refused = await new StripeClient(server.Client, secret).SendAsync(new HttpMethod(route.Method), route.Path, null);
                Assert.True(refused.Status is HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests, $"{route.Method} {route.Path}");
            }
        }
    }

    [Fact]
    public async Task A_restricted_key_does_what_it_was_granted_and_nothing_else()
    {
        foreach (var route in Routes())
        {
            var word = KeyHandlers.WordOf(route.Rule!.Resource);
            var isWrite = route.Rule.Access == KeyAccess.Write;
            var all = string.Join('&', Enum.GetValues<KeyResource>().Where(resource => resource != route.Rule.Resource).Select(static resource => $"permissions[{KeyHandlers.WordOf(resource)}]=write"));
            await TryAsync(route, all, isAllowed: false);
            await TryAsync(route, $"permissions[{word}]=read", isAllowed: !isWrite);
            await TryAsync(route, $"permissions[{word}]=write", isAllowed: true);
        }
    }

    [Fact]
    public async Task A_publishable_key_sees_and_confirms_the_one_intent_whose_secret_it_has()
    {
        var publishable = new StripeClient(server.Client, (await MakeAsync("type=publishable")).Text("secret"));
        foreach (var route in Routes())
        {
            var answer = await publishable.SendAsync(new HttpMethod(route.Method), route.Path, route.Method is "GET" ? null : "payment_method=pm_card_visa");
            Assert.Equal(route.Rule!.IsForBrowsers ? HttpStatusCode.NotFound : HttpStatusCode.Forbidden, answer.Status);
        }

        var intent = await Secret.PostAsync("/v1/payment_intents", "amount=500&currency=eur&metadata[inner]=secret");
        var path = $"/v1/payment_intents/{intent.Text("id")}";
        var other = await Secret.PostAsync("/v1/payment_intents", "amount=500&currency=eur");
        Assert.Equal(HttpStatusCode.NotFound, (await publishable.GetAsync(path)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await publishable.GetAsync($"{path}?client_secret={other.Text("client_secret")}")).Status);
        var seen = await publishable.GetAsync($"{path}?client_secret={intent.Text("client_secret")}");
        Assert.Equal(HttpStatusCode.OK, seen.Status);
        Assert.False(seen.Body.TryGetProperty("metadata", out _));
        var paid = await publishable.PostAsync($"{path}/confirm", $"payment_method=pm_card_visa&client_secret={intent.Text("client_secret")}");
        Assert.Equal("succeeded", paid.Text("status"));
    }

    [Fact]
    public async Task A_key_spends_no_more_in_a_day_than_its_limit()
    {
        var limited = new StripeClient(server.Client, (await MakeAsync("permissions[refunds]=write&spending_limits[eur]=1000")).Text("secret"));
        var intent = await Secret.PayAsync(5000);
        Assert.Equal(HttpStatusCode.OK, (await limited.PostAsync("/v1/refunds", $"payment_intent={intent}&amount=700")).Status);
        var over = await limited.PostAsync("/v1/refunds", $"payment_intent={intent}&amount=301");
        Assert.Equal((HttpStatusCode.Forbidden, "spending_limit_exceeded"), (over.Status, over.ErrorCode));
        Assert.Equal(HttpStatusCode.OK, (await limited.PostAsync("/v1/refunds", $"payment_intent={intent}&amount=300")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await limited.PostAsync("/v1/refunds", $"payment_intent={intent}&amount=1")).Status);
        Assert.Equal(HttpStatusCode.OK, (await Secret.PostAsync("/v1/refunds", $"payment_intent={intent}&amount=1")).Status);
    }

    [Fact]
    public async Task A_key_is_rolled_and_revoked_and_makes_no_key_that_may_do_more()
    {
        var maker = await MakeAsync("permissions[api_keys]=write&permissions[refunds]=read");
        var client = new StripeClient(server.Client, maker.Text("secret"));
        Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsync("/v1/api_keys", "type=secret")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsync("/v1/api_keys", "permissions[refunds]=write")).Status);
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync("/v1/api_keys", "permissions[refunds]=read")).Status);
        var strong = await MakeAsync("permissions[payouts]=write");
        Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsync($"/v1/api_keys/{strong.Text("id")}/roll")).Status);

        var rolled = await Secret.PostAsync($"/v1/api_keys/{maker.Text("id")}/roll");
        Assert.False(string.Equals(maker.Text("secret"), rolled.Text("secret"), StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/v1/refunds")).Status);
        var next = new StripeClient(server.Client, rolled.Text("secret"));
        Assert.Equal(HttpStatusCode.OK, (await next.GetAsync("/v1/refunds")).Status);
        Assert.False((await Secret.GetAsync($"/v1/api_keys/{rolled.Text("id")}")).Body.TryGetProperty("secret", out _));
        await Secret.DeleteAsync($"/v1/api_keys/{rolled.Text("id")}");
        Assert.Equal(HttpStatusCode.Unauthorized, (await next.GetAsync("/v1/refunds")).Status);
    }

    private async Task TryAsync((string Method, string Path, StripeRule? Rule) route, string permissions, bool isAllowed)
    {
        var key = await MakeAsync(permissions);
        var answer = await new StripeClient(server.Client, key.Text("secret")).SendAsync(new HttpMethod(route.Method), route.Path, route.Method is "POST" ? "" : null);
        Assert.NotEqual(HttpStatusCode.Unauthorized, answer.Status);
        var isRefused = answer.Status == HttpStatusCode.Forbidden && answer.ErrorCode is "more_permissions_required" && answer.At("error").TryGetProperty("param", out _) is false;
        Assert.True(isRefused != isAllowed, $"{route.Method} {route.Path} with {permissions}: {answer.Raw}");
        await Secret.DeleteAsync($"/v1/api_keys/{key.Text("id")}");
    }

    private Task<StripeClient.Reply> MakeAsync(string form) => Secret.PostAsync("/v1/api_keys", form);

    private List<(string Method, string Path, StripeRule? Rule)> Routes()
    {
        var routes = new List<(string, string, StripeRule?)>();
        foreach (var endpoint in server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            var pattern = endpoint.RoutePattern.RawText!;
            if (!pattern.StartsWith("/v1/", StringComparison.Ordinal) || pattern.Contains("**", StringComparison.Ordinal) || pattern is "/v1/openapi.json")
                continue;
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)
                routes.Add((method, System.Text.RegularExpressions.Regex.Replace(pattern, "{[a-z]+}", "absent_1"), endpoint.Metadata.GetMetadata<StripeRule>()));
        }

        return routes;
    }
}

using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Tributary.Server.Greenfield.Access;
using Tributary.Server.Greenfield.Frame;
using Tributary.Server.Payments;
using Tributary.Server.Team;
using Tributary.Storage.Relational;

namespace Tributary.Server.Tests.Greenfield;

/// <summary>Every route below /api/v1, found by what the server maps, tried with every kind of key and as every role.</summary>
public sealed class AuthorisationTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public void Every_route_has_a_rule_and_asks_for_a_policy_that_is_known()
    {
        var routes = Routes();
        Assert.NotEmpty(routes);
        Assert.All(routes, static route =>
        {
            Assert.True(route.Rule is not null, $"{route.Method} {route.Path}");
            Assert.True(route.Rule!.Policy is null || Policies.IsKnown(route.Rule.Policy), $"{route.Method} {route.Path}");
            Assert.True(route.Rule.Scope is not (GreenfieldScope.Store or GreenfieldScope.SomeStore or GreenfieldScope.AllStores) || Policies.IsOfStore(route.Rule.Policy!), $"{route.Method} {route.Path}");
        });
    }

    [Fact]
    public async Task No_route_but_the_public_ones_answers_without_a_key_that_is_one()
    {
        var ended = await IssueAsync(GreenfieldUser.OperatorId, Policies.Unrestricted);
        Assert.True(await Database.WriteAsync((transaction, token) => Keys.RevokeAsync(transaction, GreenfieldUser.OperatorId, ended.Key.Id, token), TestContext.Current.CancellationToken));
        foreach (var route in Routes().Where(static route => route.Rule!.Scope != GreenfieldScope.Public))
        {
            foreach (var key in (string?[])[null, "wrong", ended.Secret, server.SecretKey, new string('k', 4000)])
            {
                var refused = await TryAsync(route, new GreenfieldClient(server.Client, key), PaymentStart.FirstStore);
                Assert.True(refused.Status is HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests, $"{route.Method} {route.Path} with {key}: {refused.Raw}");
                Assert.True(refused.Code is "unauthenticated" or "too-many-requests");
            }
        }
    }

    [Fact]
    public async Task A_key_does_what_it_was_granted_in_the_store_that_it_was_granted_for_and_nothing_else()
    {
        foreach (var route in Routes().Where(static route => route.Rule!.Policy is not null))
        {
            var policy = route.Rule!.Policy!;
            var others = Policies.All.Where(other => !Policies.Includes(other, policy)).ToArray();
            Assert.True(IsRefused(await TryAsync(route, await ClientAsync(others), PaymentStart.FirstStore)), $"{route.Method} {route.Path} without {policy}");
            Assert.False(IsRefused(await TryAsync(route, await ClientAsync(policy), PaymentStart.FirstStore)), $"{route.Method} {route.Path} with {policy}");
            if (!Policies.IsOfStore(policy))
                continue;
            Assert.True(IsRefused(await TryAsync(route, await ClientAsync($"{policy}:store_other"), PaymentStart.FirstStore)), $"{route.Method} {route.Path} with {policy} elsewhere");
            var here = await TryAsync(route, await ClientAsync($"{policy}:{PaymentStart.FirstStore}"), PaymentStart.FirstStore);
            Assert.True(IsRefused(here) == (route.Rule.Scope == GreenfieldScope.AllStores), $"{route.Method} {route.Path} with {policy} here");
        }
    }

    [Fact]
    public async Task A_foreign_store_and_none_are_refused_alike()
    {
        await Database.WriteAsync(
            static (transaction, token) => transaction.ExecuteAsync(
                "INSERT INTO stores (id, name, created_at) VALUES ('store_foreign', 'Not ours', 0) ON CONFLICT (id) DO NOTHING", SqlArguments.None, token),
            TestContext.Current.CancellationToken);
        var client = await ClientAsync(Policies.Unrestricted);
        foreach (var route in Routes().Where(static route => route.Rule!.Scope == GreenfieldScope.Store))
        {
            var foreign = await TryAsync(route, client, "store_foreign");
            var absent = await TryAsync(route, client, "store_absent");
            Assert.Equal((HttpStatusCode.Forbidden, foreign.Raw), (absent.Status, absent.Raw));
            Assert.True(IsRefused(foreign));
        }
    }

    [Theory]
    [InlineData(MemberRole.Viewer)]
    [InlineData(MemberRole.Support)]
    [InlineData(MemberRole.Analyst)]
    [InlineData(MemberRole.Manager)]
    [InlineData(MemberRole.Owner)]
    public async Task A_members_key_reaches_what_the_role_may_whatever_the_key_was_granted(MemberRole role)
    {
        var (id, email) = await MakeMemberAsync(role);
        var byKey = new GreenfieldClient(server.Client, (await IssueAsync(id, Policies.Unrestricted)).Secret);

        // The one that ends the key that asks comes last, and the one that ends the member after all others.
        foreach (var route in Routes().Where(static route => route.Rule!.Scope != GreenfieldScope.Public && route is not { Method: "DELETE", Path: "/users/me" })
            .OrderBy(static route => route is { Method: "DELETE", Path: "/api-keys/current" }))
        {
            var rule = route.Rule!;
            var isAllowed = rule.Policy is null
                || (Policies.IsOfStore(rule.Policy) ? RolePolicies.May(role, rule.Policy) : !Policies.IsOfServer(rule.Policy) || role == MemberRole.Owner);
            var answer = await TryAsync(route, byKey, PaymentStart.FirstStore);
            Assert.True(IsRefused(answer) != isAllowed, $"{role}: {route.Method} {route.Path} answered {answer.Status} {answer.Raw}");
            Assert.NotEqual(HttpStatusCode.Unauthorized, answer.Status);
        }

        var byPassword = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{email}:{RunningServer.Password}")));
        Assert.Equal(HttpStatusCode.OK, (await byKey.SendAsync(HttpMethod.Get, "/server/info", null, byPassword)).Status);
        var wrong = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{email}:another password")));
        Assert.Equal(HttpStatusCode.Unauthorized, (await byKey.SendAsync(HttpMethod.Get, "/server/info", null, wrong)).Status);

        // Only who made the server's one store with a team stays.
        var left = await byKey.SendAsync(HttpMethod.Delete, "/users/me", null, byPassword);
        Assert.True(left.Status == HttpStatusCode.OK || (role == MemberRole.Owner && left.Code is "only-administrator"), left.Raw);
        Assert.Equal(left.Status == HttpStatusCode.OK ? HttpStatusCode.Unauthorized : HttpStatusCode.OK, (await byKey.SendAsync(HttpMethod.Get, "/server/info", null, byPassword)).Status);
    }

    [Fact]
    public async Task What_is_no_route_is_told_so_in_the_dialect()
    {
        var answer = await (await ClientAsync(Policies.Unrestricted)).GetAsync("/nothing/here");
        Assert.Equal((HttpStatusCode.NotFound, "not-found"), (answer.Status, answer.Code));
    }

    private IDatabase Database => server.Services.GetRequiredService<IDatabase>();

    private GreenfieldKeyStore Keys => server.Services.GetRequiredService<GreenfieldKeyStore>();

    private static bool IsRefused(GreenfieldClient.Reply reply) => reply.Status == HttpStatusCode.Forbidden && reply.Code is "missing-permission";

    private async Task<GreenfieldClient> ClientAsync(params string[] permissions) => new(server.Client, (await IssueAsync(GreenfieldUser.OperatorId, permissions)).Secret);

    private async Task<(GreenfieldKey Key, string Secret)> IssueAsync(string userId, params string[] permissions)
    {
        var granted = permissions.Select(static text => GrantedPolicy.TryParse(text, out var policy) ? policy : throw new InvalidOperationException(text)).ToImmutableArray();
        return await Database.WriteAsync((transaction, token) => Keys.IssueAsync(transaction, userId, "test", null, granted, token), TestContext.Current.CancellationToken);
    }

    private async Task<(string Id, string Email)> MakeMemberAsync(MemberRole role)
    {
        using var browser = await server.SignInAsync(role);
        return await Database.ReadAsync(
            static async (transaction, token) => (await transaction.QueryAsync(
                "SELECT id, email FROM members ORDER BY created_at DESC LIMIT 1", SqlArguments.None, static row => (row.Text(0), row.Text(1)), token)).Single(),
            TestContext.Current.CancellationToken);
    }

    // Nothing that a route is for: it says who it is, and changes nothing that is there.
    private static Task<GreenfieldClient.Reply> TryAsync((string Method, string Path, GreenfieldRule? Rule) route, GreenfieldClient client, string storeId) =>
        client.SendAsync(
            new HttpMethod(route.Method),
            route.Path.Replace("{storeId}", storeId, StringComparison.Ordinal),
            route.Method is "POST" or "PUT" ? """{"amount":"not a number","name":7,"status":"none","url":"no"}""" : null);

    private List<(string Method, string Path, GreenfieldRule? Rule)> Routes()
    {
        var routes = new List<(string, string, GreenfieldRule?)>();
        foreach (var endpoint in server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            var pattern = endpoint.RoutePattern.RawText!;
            if (!pattern.StartsWith("/api/v1/", StringComparison.Ordinal) || pattern.Contains("**", StringComparison.Ordinal))
                continue;
            var path = System.Text.RegularExpressions.Regex.Replace(pattern["/api/v1".Length..], "{(?!storeId})[A-Za-z]+}", "absent_1");
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)
                routes.Add((method, path, endpoint.Metadata.GetMetadata<GreenfieldRule>()));
        }

        return routes;
    }
}

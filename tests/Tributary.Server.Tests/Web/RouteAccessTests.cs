using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Tributary.Server.Team;
using Tributary.Server.Web;

namespace Tributary.Server.Tests.Web;

/// <summary>Every route of the server, tried as everybody: a route that is not in the table fails here before it lets anybody in.</summary>
public sealed class RouteAccessTests(RunningServer server) : IClassFixture<RunningServer>
{
    // What the team's routes ask for. It is written here once more on purpose: a change has to be meant twice.
    private static readonly Dictionary<string, Permission> s_members = new(StringComparer.Ordinal)
    {
        ["GET /api-keys"] = Permission.Keys,
        ["POST /api-keys/{id}/revoke"] = Permission.Keys,
        ["GET /api-keys/authorize"] = Permission.Keys,
        ["POST /api-keys/authorize"] = Permission.Keys,
        ["GET /dashboard"] = Permission.View,
        ["POST /dashboard/mode"] = Permission.View,
        ["GET /dashboard/payments"] = Permission.View,
        ["GET /dashboard/payments.csv"] = Permission.Export,
        ["GET /dashboard/payments/{id}"] = Permission.View,
        ["POST /dashboard/payments/{id}/refund"] = Permission.Refund,
        ["POST /dashboard/payments/{id}/capture"] = Permission.Capture,
        ["POST /dashboard/payments/{id}/cancel"] = Permission.Capture,
        ["GET /dashboard/customers"] = Permission.View,
        ["GET /dashboard/customers/{id}"] = Permission.View,
        ["GET /dashboard/disputes"] = Permission.View,
        ["GET /dashboard/disputes/{id}"] = Permission.View,
        ["POST /dashboard/disputes/{id}"] = Permission.Dispute,
        ["POST /dashboard/disputes/{id}/accept"] = Permission.Dispute,
        ["GET /dashboard/payouts"] = Permission.View,
        ["POST /dashboard/payouts"] = Permission.Payout,
        ["POST /dashboard/payouts/policy"] = Permission.Policy,
        ["POST /dashboard/payouts/{id}/approve"] = Permission.Approve,
        ["POST /dashboard/payouts/{id}/cancel"] = Permission.Payout,
        ["GET /dashboard/balance"] = Permission.View,
        ["GET /dashboard/balance.csv"] = Permission.Export,
        ["POST /dashboard/balance/check"] = Permission.Stop,
        ["POST /dashboard/balance/stop"] = Permission.Stop,
        ["POST /dashboard/balance/resume"] = Permission.Resume,
        ["GET /dashboard/refunds"] = Permission.View,
        ["POST /dashboard/psbts/{id}"] = Permission.Refund,
        ["POST /dashboard/refunds/{id}/approve"] = Permission.Approve,
        ["POST /dashboard/refunds/{id}/cancel"] = Permission.Refund,
        ["GET /dashboard/reviews"] = Permission.View,
        ["POST /dashboard/reviews/{id}/approve"] = Permission.Review,
        ["POST /dashboard/reviews/{id}/refuse"] = Permission.Review,
        ["GET /dashboard/risk"] = Permission.View,
        ["GET /dashboard/keys"] = Permission.Keys,
        ["POST /dashboard/keys"] = Permission.Keys,
        ["POST /dashboard/keys/{id}/roll"] = Permission.Keys,
        ["POST /dashboard/keys/{id}/revoke"] = Permission.Keys,
        ["GET /dashboard/links"] = Permission.View,
        ["POST /dashboard/links"] = Permission.Links,
        ["POST /dashboard/links/{id}"] = Permission.Links,
        ["GET /dashboard/addresses"] = Permission.View,
        ["POST /dashboard/addresses"] = Permission.Links,
        ["POST /dashboard/addresses/{id}/remove"] = Permission.Links,
        ["GET /dashboard/liquidity"] = Permission.View,
        ["POST /dashboard/liquidity/payable"] = Permission.Liquidity,
        ["GET /dashboard/webhooks"] = Permission.Webhooks,
        ["POST /dashboard/webhooks"] = Permission.Webhooks,
        ["GET /dashboard/webhooks/{id}"] = Permission.Webhooks,
        ["POST /dashboard/webhooks/{id}"] = Permission.Webhooks,
        ["POST /dashboard/webhooks/{id}/secret"] = Permission.Webhooks,
        ["POST /dashboard/webhooks/{id}/replay"] = Permission.Webhooks,
        ["GET /dashboard/webhooks/deliveries/{id}"] = Permission.Webhooks,
        ["POST /dashboard/webhooks/{id}/delete"] = Permission.Webhooks,
        ["POST /dashboard/webhooks/deliveries/{id}/repeat"] = Permission.Webhooks,
        ["GET /dashboard/team"] = Permission.Team,
        ["POST /dashboard/team/invite"] = Permission.Team,
        ["POST /dashboard/team/revoke"] = Permission.Team,
        ["GET /dashboard/activity"] = Permission.Team,
        ["GET /dashboard/lists"] = Permission.Lists,
        ["POST /dashboard/lists"] = Permission.Lists,
        ["POST /dashboard/lists/remove"] = Permission.Lists,
        ["POST /dashboard/payments/{id}/list"] = Permission.Lists,
        ["POST /dashboard/team/{id}/role"] = Permission.Team,
        ["POST /dashboard/team/{id}/reset"] = Permission.Team,
        ["GET /dashboard/settings"] = Permission.Store,
        ["POST /dashboard/settings/name"] = Permission.Store,
        ["POST /dashboard/settings/mail"] = Permission.Store,
        ["POST /dashboard/team/{id}/remove"] = Permission.Team,
        ["GET /dashboard/account"] = Permission.View,
        ["POST /dashboard/account/password"] = Permission.View,
        ["POST /dashboard/account/totp/begin"] = Permission.View,
        ["POST /dashboard/account/totp"] = Permission.View,
        ["POST /dashboard/account/totp/off"] = Permission.View,
        ["POST /dashboard/account/passkeys/options"] = Permission.View,
        ["POST /dashboard/account/passkeys"] = Permission.View,
        ["POST /dashboard/account/passkeys/remove"] = Permission.View,
        ["POST /dashboard/account/sessions/revoke"] = Permission.View,
    };

    [Fact]
    public void Every_route_says_who_may_use_it_and_those_of_members_ask_for_what_the_table_says()
    {
        var routes = Routes();
        Assert.True(routes.Count > 60);
        Assert.All(routes, static route => Assert.True(route.Access is not null, $"{route.Method} {route.Pattern} does not say who may use it."));
        var members = routes.Where(static route => route.Access!.Kind == RouteAccessKind.Member).ToDictionary(static route => $"{route.Method} {route.Pattern}", static route => route.Access!.Permission!.Value, StringComparer.Ordinal);
        Assert.Equal(s_members.OrderBy(static pair => pair.Key, StringComparer.Ordinal), members.OrderBy(static pair => pair.Key, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(MemberRole.Viewer)]
    [InlineData(MemberRole.Support)]
    [InlineData(MemberRole.Analyst)]
    [InlineData(MemberRole.Manager)]
    [InlineData(MemberRole.Owner)]
    public async Task A_role_reaches_what_it_may_and_nothing_else(MemberRole role)
    {
        using var browser = await server.SignInAsync(role);
        foreach (var (route, permission) in s_members)
        {
            var (method, path) = Split(route);
            var (status, _, _) = method is "GET" ? await browser.GetAsync(path) : await browser.PostBareAsync(path);
            var expected = (RolePermissions.May(role, permission), method, path.Contains("/x", StringComparison.Ordinal)) switch
            {
                (false, _, _) => HttpStatusCode.Forbidden,
                (true, "GET", true) => HttpStatusCode.NotFound,
                (true, "GET", false) => HttpStatusCode.OK,

                // It may, but the form did not come from our page.
                _ => HttpStatusCode.BadRequest,
            };
            Assert.True(expected == status, $"{role}: {route} answered {status} instead of {expected}.");
        }
    }

    [Fact]
    public async Task A_stranger_is_sent_to_the_door_everywhere()
    {
        using var browser = new Browser(server.Address);
        foreach (var route in s_members.Keys)
        {
            var (method, path) = Split(route);
            var (status, text, location) = method is "GET" ? await browser.GetAsync(path) : await browser.PostBareAsync(path);
            Assert.Equal(HttpStatusCode.Redirect, status);
            Assert.Empty(text);
            Assert.StartsWith("/login?next=", new Uri(server.Address, location).PathAndQuery, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_owners_session_is_no_key()
    {
        using var browser = await server.SignInAsync(MemberRole.Owner);
        foreach (var route in Routes().Where(static route => route.Access!.Kind == RouteAccessKind.ApiKey && route.Method is "GET" or "POST" && !route.Pattern.Contains("**", StringComparison.Ordinal)))
        {
            var path = route.Pattern.Replace("{id}", "x", StringComparison.Ordinal);
            var (status, _, _) = route.Method is "GET" ? await browser.GetAsync(path) : await browser.PostBareAsync(path);
            Assert.True(status == HttpStatusCode.Unauthorized, $"{route.Method} {route.Pattern} answered {status} to a session.");
        }
    }

    [Fact]
    public async Task A_wrong_secret_opens_no_page()
    {
        using var browser = new Browser(server.Address);
        foreach (var route in Routes().Where(static route => route.Access!.Kind == RouteAccessKind.Secret && route.Method is "GET"))
        {
            var (status, _, _) = await browser.GetAsync(route.Pattern.Replace("{id}", "x", StringComparison.Ordinal).Replace("{secret}", "x", StringComparison.Ordinal).Replace("{token}", "x", StringComparison.Ordinal));
            Assert.True(status == HttpStatusCode.NotFound, $"{route.Method} {route.Pattern} answered {status} to a wrong secret.");
        }
    }

    private static (string Method, string Path) Split(string route)
    {
        var parts = route.Split(' ');
        return (parts[0], parts[1].Replace("{id}", "x", StringComparison.Ordinal));
    }

    private List<(string Method, string Pattern, RouteAccess? Access)> Routes() =>
    [
        .. server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().SelectMany(static endpoint =>
            (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["*"]).Select(method =>
                (method, "/" + endpoint.RoutePattern.RawText!.Trim('/'), endpoint.Metadata.GetMetadata<RouteAccess>()))),
    ];
}

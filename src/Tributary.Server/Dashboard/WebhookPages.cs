using Microsoft.AspNetCore.Mvc;
using Tributary.Payments.Webhooks;
using Tributary.Server.Pages.Dashboard;
using Tributary.Server.Team;
using Tributary.Server.Web;
using Tributary.Server.Webhooks;
using Tributary.Storage.Relational;

namespace Tributary.Server.Dashboard;

/// <summary>Webhook endpoints, what was sent to them, and sending it again.</summary>
internal static class WebhookPages
{
    private const int EndpointsMax = 100;
    private const int DeliveriesMax = 200;
    private const int KindsMax = 100;

    public static void Map(IEndpointRouteBuilder desk)
    {
        desk.MapGet("/webhooks", static (HttpContext context, IDatabase database, CancellationToken token) =>
            ListAsync(null, null, null, null, context, database, token)).Require(Permission.Webhooks);
        desk.MapPost("/webhooks", CreateAsync).Require(Permission.Webhooks);
        desk.MapGet("/webhooks/{id}", ShowAsync).Require(Permission.Webhooks);
        desk.MapPost("/webhooks/{id}/delete", DeleteAsync).Require(Permission.Webhooks);
        desk.MapPost("/webhooks/deliveries/{id}/repeat", RepeatAsync).Require(Permission.Webhooks);
    }

    private static async Task<IResult> ListAsync(
        string? problem, string? secret, string? url, string? events, HttpContext context, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "webhooks");
        var endpoints = await database.ReadAsync((transaction, token) => WebhookStore.ListAsync(transaction, scope.StoreId, scope.IsLive, EndpointsMax, token), cancellationToken);
        return Html.Page<WebhooksPage>(
            problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
            (nameof(WebhooksPage.Scope), scope),
            (nameof(WebhooksPage.Endpoints), endpoints),
            (nameof(WebhooksPage.Secret), secret),
            (nameof(WebhooksPage.Problem), problem),
            (nameof(WebhooksPage.Url), url),
            (nameof(WebhooksPage.Events), events));
    }

    private static async Task<IResult> CreateAsync(
        [FromForm] string? url, [FromForm] string? events, HttpContext context, WebhookStore store, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "webhooks");
        var kinds = (events ?? "").Split([' ', ',', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal).ToArray();
        if (kinds.Length is 0 or > KindsMax || kinds.Any(static kind => kind.Length > 100))
            return await ListAsync("Name the events, or * for all of them.", null, url, events, context, database, cancellationToken);
        if (WebhookTargets.Check(url ?? "", scope.IsLive, out var target) is { } problem)
            return await ListAsync(problem, null, url, events, context, database, cancellationToken);
        var secret = await database.WriteAsync<string?>(
            async (transaction, token) =>
            {
                if ((await WebhookStore.ListAsync(transaction, scope.StoreId, scope.IsLive, EndpointsMax, token)).Count == EndpointsMax)
                    return null;
                return (await store.CreateAsync(transaction, scope.StoreId, scope.IsLive, target!, [.. kinds], null, token)).Secret;
            },
            cancellationToken);
        return secret is null
            ? await ListAsync($"A store has at most {EndpointsMax} endpoints.", null, url, events, context, database, cancellationToken)
            : await ListAsync(null, secret, null, null, context, database, cancellationToken);
    }

    private static async Task<IResult> ShowAsync(string id, HttpContext context, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "webhooks");
        var (endpoints, deliveries) = await database.ReadAsync(
            async (transaction, token) => (
                await WebhookStore.ListAsync(transaction, scope.StoreId, scope.IsLive, EndpointsMax, token),
                await DeliveryLog.OfEndpointAsync(transaction, scope.StoreId, scope.IsLive, id, DeliveriesMax, token)),
            cancellationToken);
        return endpoints.Find(endpoint => string.Equals(endpoint.Id, id, StringComparison.Ordinal)) is { } found
            ? Html.Page<WebhookPage>((nameof(WebhookPage.Scope), scope), (nameof(WebhookPage.Endpoint), found), (nameof(WebhookPage.Deliveries), deliveries))
            : TypedResults.NotFound();
    }

    private static async Task<IResult> DeleteAsync(string id, HttpContext context, WebhookStore store, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "webhooks");
        var isFound = await database.WriteAsync((transaction, token) => store.DeleteAsync(transaction, scope.StoreId, scope.IsLive, id, token), cancellationToken);
        return isFound ? TypedResults.Redirect("/dashboard/webhooks") : TypedResults.NotFound();
    }

    private static async Task<IResult> RepeatAsync(string id, [FromForm] string? back, HttpContext context, IDatabase database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "webhooks");
        var isFound = await database.WriteAsync(
            (transaction, token) => DeliveryLog.RepeatAsync(transaction, scope.StoreId, scope.IsLive, id, clock.GetUtcNow(), token), cancellationToken);
        return isFound ? TypedResults.Redirect(LoginEndpoints.Home(back)) : TypedResults.NotFound();
    }
}

using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Tributary.Payments;
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
    private const int PageSize = 50;
    private const int RotateHoursMax = 7 * 24;
    private const string NameEvents = "Name the events, or * for all of them.";
    private const int KindsMax = 100;

    public static void Map(IEndpointRouteBuilder desk)
    {
        desk.MapGet("/webhooks", static (HttpContext context, IDatabase database, CancellationToken token) =>
            ListAsync(null, null, null, null, context, database, token)).Require(Permission.Webhooks);
        desk.MapPost("/webhooks", CreateAsync).Require(Permission.Webhooks);
        desk.MapGet("/webhooks/{id}", static (string id, string? show, string? before, HttpContext context, IDatabase database, CancellationToken token) =>
            ShowAsync(id, new WebhookNotes { Show = show, Before = before }, context, database, token)).Require(Permission.Webhooks);
        desk.MapPost("/webhooks/{id}", ChangeAsync).Require(Permission.Webhooks);
        desk.MapPost("/webhooks/{id}/secret", RotateAsync).Require(Permission.Webhooks);
        desk.MapPost("/webhooks/{id}/replay", ReplayAsync).Require(Permission.Webhooks);
        desk.MapPost("/webhooks/{id}/delete", DeleteAsync).Require(Permission.Webhooks);
        desk.MapGet("/webhooks/deliveries/{id}", DeliveryAsync).Require(Permission.Webhooks);
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
        [FromForm] string? url, [FromForm] string? events, HttpContext context, WebhookStore store, ActivityLog log, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "webhooks");
        if (!TryKinds(events, out var kinds))
            return await ListAsync(NameEvents, null, url, events, context, database, cancellationToken);
        if (WebhookTargets.Check(url ?? "", scope.IsLive, out var target) is { } problem)
            return await ListAsync(problem, null, url, events, context, database, cancellationToken);
        var secret = await database.WriteAsync<string?>(
            async (transaction, token) =>
            {
                if ((await WebhookStore.ListAsync(transaction, scope.StoreId, scope.IsLive, EndpointsMax, token)).Count == EndpointsMax)
                    return null;
                var (endpoint, secret) = await store.CreateAsync(transaction, scope.StoreId, scope.IsLive, target!, [.. kinds], null, token);
                await log.WriteAsync(transaction, scope, "Made a webhook endpoint", endpoint.Id, target!.AbsoluteUri, token);
                return secret;
            },
            cancellationToken);
        return secret is null
            ? await ListAsync($"A store has at most {EndpointsMax} endpoints.", null, url, events, context, database, cancellationToken)
            : await ListAsync(null, secret, null, null, context, database, cancellationToken);
    }

    private static async Task<IResult> ShowAsync(string id, WebhookNotes notes, HttpContext context, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "webhooks");
        var filter = notes.Show is "failed" or "waiting" ? notes.Show : null;
        var (endpoint, deliveries) = await database.ReadAsync(
            async (transaction, token) => (
                await WebhookStore.FindAsync(transaction, scope.StoreId, scope.IsLive, id, token),
                await DeliveryLog.OfEndpointAsync(transaction, scope.StoreId, scope.IsLive, id, filter, notes.Before, PageSize + 1, token)),
            cancellationToken);
        return endpoint is null
            ? TypedResults.NotFound()
            : Html.Page<WebhookPage>(
                notes.Problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
                (nameof(WebhookPage.Scope), scope),
                (nameof(WebhookPage.Endpoint), endpoint),
                (nameof(WebhookPage.Deliveries), deliveries.Take(PageSize).ToList()),
                (nameof(WebhookPage.HasMore), deliveries.Count > PageSize),
                (nameof(WebhookPage.Notes), notes));
    }

    private static async Task<IResult> ChangeAsync(
        string id, [FromForm] string? url, [FromForm] string? events, [FromForm] string? active, HttpContext context, ActivityLog log, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "webhooks");
        if (!TryKinds(events, out var kinds))
            return await ShowAsync(id, new WebhookNotes { Problem = NameEvents }, context, database, cancellationToken);
        if (WebhookTargets.Check(url ?? "", scope.IsLive, out var target) is { } problem)
            return await ShowAsync(id, new WebhookNotes { Problem = problem }, context, database, cancellationToken);
        var isFound = await database.WriteAsync(
            async (transaction, token) =>
            {
                if (await WebhookStore.FindAsync(transaction, scope.StoreId, scope.IsLive, id, token) is not { } endpoint)
                    return false;
                await WebhookStore.UpdateAsync(transaction, endpoint with { Url = target!, Kinds = [.. kinds], IsDisabled = active is not "yes" }, token);
                await log.WriteAsync(transaction, scope, active is "yes" ? "Changed a webhook endpoint" : "Switched a webhook endpoint off", id, target!.AbsoluteUri, token);
                return true;
            },
            cancellationToken);
        return isFound ? TypedResults.Redirect("/dashboard/webhooks/" + id) : TypedResults.NotFound();
    }

    private static async Task<IResult> RotateAsync(
        string id, [FromForm] string? hours, HttpContext context, WebhookStore store, ActivityLog log, IDatabase database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "webhooks");
        if (!int.TryParse(hours, NumberStyles.None, CultureInfo.InvariantCulture, out var given) || given > RotateHoursMax)
            return await ShowAsync(id, new WebhookNotes { Problem = $"The old secret signs for 0 to {RotateHoursMax} hours more." }, context, database, cancellationToken);
        var secret = await database.WriteAsync<string?>(
            async (transaction, token) =>
            {
                var fresh = await store.RotateAsync(transaction, scope.StoreId, scope.IsLive, id, clock.GetUtcNow() + TimeSpan.FromHours(given), token);
                if (fresh is not null)
                    await log.WriteAsync(transaction, scope, "Replaced a webhook's signing secret", id, $"the old one signs for {given} h more", token);
                return fresh;
            },
            cancellationToken);
        return secret is null ? TypedResults.NotFound() : await ShowAsync(id, new WebhookNotes { Secret = secret, OldHours = given }, context, database, cancellationToken);
    }

    private static async Task<IResult> ReplayAsync(
        string id, [FromForm] string? from, HttpContext context, ActivityLog log, WorkSignal signal, IDatabase database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "webhooks");
        var text = (from ?? "").Trim();
        var (isEndpoint, again) = await database.WriteAsync<(bool, long?)>(
            async (transaction, token) =>
            {
                if (await WebhookStore.FindAsync(transaction, scope.StoreId, scope.IsLive, id, token) is null)
                    return (false, null);
                if (text.Length is 0 or > 60 || await WebhookReplay.FindAsync(transaction, scope.StoreId, scope.IsLive, text, token) is not { } after)
                    return (true, null);
                await log.WriteAsync(transaction, scope, "Sent events again", id, "from " + text, token);
                return (true, await WebhookReplay.BeginAsync(transaction, scope.StoreId, scope.IsLive, id, after, clock.GetUtcNow(), token));
            },
            cancellationToken);
        if (!isEndpoint)
            return TypedResults.NotFound();
        if (again is null)
            return await ShowAsync(id, new WebhookNotes { Problem = "Name an event (evt_…), its position, or a time like 2026-11-22 14:00." }, context, database, cancellationToken);
        signal.Pulse();
        return TypedResults.Redirect("/dashboard/webhooks/" + id);
    }

    private static async Task<IResult> DeliveryAsync(string id, HttpContext context, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "webhooks");
        var (found, tries) = await database.ReadAsync(
            async (transaction, token) => (
                await DeliveryLog.FindAsync(transaction, scope.StoreId, scope.IsLive, id, token),
                await DeliveryLog.TriesAsync(transaction, id, token)),
            cancellationToken);
        return found is not { } delivery
            ? TypedResults.NotFound()
            : Html.Page<DeliveryPage>(
                (nameof(DeliveryPage.Scope), scope),
                (nameof(DeliveryPage.Line), delivery.Line),
                (nameof(DeliveryPage.Event), delivery.Event),
                (nameof(DeliveryPage.Body), Pretty(WebhookSender.BodyOf(id, delivery.Line.EndpointId, isRepeated: false, delivery.Event))),
                (nameof(DeliveryPage.Tries), tries));
    }

    private static string Pretty(string json)
    {
        using var document = JsonDocument.Parse(json);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            document.WriteTo(writer);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static bool TryKinds(string? events, out string[] kinds)
    {
        kinds = [.. (events ?? "").Split([' ', ',', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal)];
        return kinds.Length is > 0 and <= KindsMax && !kinds.Any(static kind => kind.Length > 100);
    }

    private static async Task<IResult> DeleteAsync(string id, HttpContext context, WebhookStore store, ActivityLog log, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "webhooks");
        var isFound = await database.WriteAsync(
            async (transaction, token) =>
            {
                if (!await store.DeleteAsync(transaction, scope.StoreId, scope.IsLive, id, token))
                    return false;
                await log.WriteAsync(transaction, scope, "Deleted a webhook endpoint", id, "", token);
                return true;
            },
            cancellationToken);
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

using Microsoft.AspNetCore.Mvc;
using Tributary.Payments.Storage;
using Tributary.Server.Pages.Dashboard;
using Tributary.Server.Risk;
using Tributary.Server.Team;
using Tributary.Server.Web;
using Tributary.Storage.Relational;

namespace Tributary.Server.Dashboard;

/// <summary>The analyst's lists: who is blocked and who is trusted, by name or by what took part in a payment.</summary>
internal static class ListPages
{
    public static void Map(IEndpointRouteBuilder desk)
    {
        desk.MapGet("/lists", static (HttpContext context, RiskLists lists, IDatabase database, CancellationToken token) =>
            ShowAsync(null, null, null, context, lists, database, token)).Require(Permission.Lists);
        desk.MapPost("/lists", AddAsync).Require(Permission.Lists);
        desk.MapPost("/lists/remove", RemoveAsync).Require(Permission.Lists);
        desk.MapPost("/payments/{id}/list", AddOfPaymentAsync).Require(Permission.Lists);
    }

    private static async Task<IResult> ShowAsync(
        string? problem, string? list, string? reason, HttpContext context, RiskLists lists, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "lists");
        var entries = await lists.ListAsync(scope.StoreId, scope.IsLive, cancellationToken);
        var names = await database.ReadAsync((transaction, token) => ActorNames.ReadAsync(TeamDirectory.Of(context), transaction, entries.Select(static entry => entry.AddedBy), token), cancellationToken);
        return Html.Page<ListsPage>(
            problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
            (nameof(ListsPage.Scope), scope),
            (nameof(ListsPage.Entries), entries),
            (nameof(ListsPage.Names), names),
            (nameof(ListsPage.Problem), problem),
            (nameof(ListsPage.List), list),
            (nameof(ListsPage.Reason), reason));
    }

    private static async Task<IResult> AddAsync(
        [FromForm] string? list,
        [FromForm] string? value,
        [FromForm] string? reason,
        [FromForm] string? back,
        HttpContext context,
        RiskLists lists,
        ActivityLog log,
        IDatabase database,
        CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "lists");
        if (await lists.AddAsync(scope.StoreId, scope.IsLive, list ?? "", value ?? "", reason ?? "", scope.Member.Id, cancellationToken) is { } refusal)
            return await ShowAsync(refusal.Reason, list, reason, context, lists, database, cancellationToken);
        await log.WriteAsync(scope, "Put somebody on a list", list!, reason ?? "", cancellationToken);
        return TypedResults.Redirect(back is { Length: > 0 } ? LoginEndpoints.Home(back) : "/dashboard/lists");
    }

    private static async Task<IResult> RemoveAsync(
        [FromForm] string? list, [FromForm] string? entry, HttpContext context, RiskLists lists, ActivityLog log, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "lists");
        if (!await lists.RemoveAsync(scope.StoreId, scope.IsLive, list ?? "", entry ?? "", cancellationToken))
            return TypedResults.NotFound();
        await log.WriteAsync(scope, "Took somebody off a list", list!, "", cancellationToken);
        return TypedResults.Redirect("/dashboard/lists");
    }

    private static async Task<IResult> AddOfPaymentAsync(
        string id, [FromForm] string? list, HttpContext context, RiskLists lists, ActivityLog log, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "lists");
        var file = await database.ReadAsync((transaction, token) => PaymentStore.FindAsync(transaction, id, token), cancellationToken);
        if (file is null || file.Intent.IsLive != scope.IsLive || !string.Equals(file.Intent.StoreId, scope.StoreId, StringComparison.Ordinal))
            return TypedResults.NotFound();
        if (file.Attempts.LastOrDefault(static attempt => attempt.Risk is not null)?.Risk is not { } risk)
            return await ShowAsync("The risk gate has not judged this payment.", list, null, context, lists, database, cancellationToken);
        var added = await lists.AddOfDecisionAsync(scope.StoreId, scope.IsLive, list ?? "", risk.Reference, "of payment " + id, "", scope.Member.Id, cancellationToken);
        if (added is { } refusal)
            return await ShowAsync(refusal.Reason, list, null, context, lists, database, cancellationToken);
        await log.WriteAsync(scope, "Put what took part in a payment on a list", list!, id, cancellationToken);
        return TypedResults.Redirect("/dashboard/lists");
    }
}

using Microsoft.AspNetCore.Mvc;
using Tributary.Payments.Lnurl;
using Tributary.Server.Dashboard;
using Tributary.Server.Pages.Dashboard;
using Tributary.Server.Team;
using Tributary.Server.Web;
using Tributary.Storage.Relational;

namespace Tributary.Server.Lnurl;

/// <summary>Lightning Addresses in the dashboard: what the store is paid under without a shop.</summary>
internal static class LightningNamePages
{
    public static void Map(IEndpointRouteBuilder desk)
    {
        desk.MapGet("/addresses", static (HttpContext context, LnurlPlaces places, IDatabase database, CancellationToken token) =>
            ShowAsync(null, null, context, places, database, token)).Require(Permission.View);
        desk.MapPost("/addresses", RegisterAsync).Require(Permission.Links);
        desk.MapPost("/addresses/{id}/remove", RemoveAsync).Require(Permission.Links);
    }

    private static async Task<IResult> ShowAsync(string? problem, string? given, HttpContext context, LnurlPlaces places, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "links");
        var names = await database.ReadAsync((transaction, token) => LightningNames.ListAsync(transaction, scope.StoreId, scope.IsLive, token), cancellationToken);
        return Html.Page<AddressesPage>(
            problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
            (nameof(AddressesPage.Scope), scope),
            (nameof(AddressesPage.Rows), names.ConvertAll(name => new LightningNameRow(name, places.Identifier(name), LnurlText.Encode(places.Of(name))))),
            (nameof(AddressesPage.Domain), places.Domain),
            (nameof(AddressesPage.Problem), problem),
            (nameof(AddressesPage.Given), given));
    }

    private static async Task<IResult> RegisterAsync(
        [FromForm] string? name, [FromForm] string? description, HttpContext context, LightningNames names, LnurlPlaces places, IDatabase database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "links");
        var wanted = new LightningName
        {
            Name = (name ?? "").Trim().ToLowerInvariant(),
            StoreId = scope.StoreId,
            IsLive = scope.IsLive,
            Description = description?.Trim() is { Length: > 0 } text ? text : null,
            CreatedAt = clock.GetUtcNow(),
        };
        var registered = await database.WriteAsync((transaction, token) => names.RegisterAsync(transaction, wanted, token), cancellationToken);
        return registered.TryGet(out _, out var error)
            ? TypedResults.Redirect("/dashboard/addresses")
            : await ShowAsync(error.Message, name, context, places, database, cancellationToken);
    }

    private static async Task<IResult> RemoveAsync(string id, HttpContext context, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "links");
        var isFound = await database.WriteAsync((transaction, token) => LightningNames.RemoveAsync(transaction, scope.StoreId, scope.IsLive, id, token), cancellationToken);
        return isFound ? TypedResults.Redirect("/dashboard/addresses") : TypedResults.NotFound();
    }
}

using Microsoft.AspNetCore.Mvc;
using Tributary.Payments.Checkout;
using Tributary.Payments.Money;
using Tributary.Server.Pages.Dashboard;
using Tributary.Server.Team;
using Tributary.Server.Web;
using Tributary.Storage.Relational;

namespace Tributary.Server.Dashboard;

/// <summary>Payment links of the store.</summary>
internal static class LinkPages
{
    private const int ListMax = 200;

    public static void Map(IEndpointRouteBuilder desk)
    {
        desk.MapGet("/links", static (HttpContext context, IDatabase database, PublicAddress address, CancellationToken token) =>
            ListAsync(null, null, null, null, context, database, address, token)).Require(Permission.View);
        desk.MapPost("/links", CreateAsync).Require(Permission.Links);
        desk.MapPost("/links/{id}", UpdateAsync).Require(Permission.Links);
    }

    private static async Task<IResult> ListAsync(
        string? problem, string? name, string? amount, string? currency, HttpContext context, IDatabase database, PublicAddress address, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "links");
        var links = await database.ReadAsync(
            (transaction, token) => PaymentLinkStore.ListAsync(transaction, scope.StoreId, scope.IsLive, null, null, ListMax, token), cancellationToken);
        return Html.Page<LinksPage>(
            problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
            (nameof(LinksPage.Scope), scope),
            (nameof(LinksPage.Links), links),
            (nameof(LinksPage.Origin), address.Origin),
            (nameof(LinksPage.Problem), problem),
            (nameof(LinksPage.Name), name),
            (nameof(LinksPage.Amount), amount),
            (nameof(LinksPage.Currency), currency));
    }

    private static async Task<IResult> CreateAsync(
        [FromForm] string? name, [FromForm] string? amount, [FromForm] string? currency, HttpContext context, PaymentLinkStore links, IDatabase database, PublicAddress address, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "links");
        var problem = "";
        if (!Currency.TryParse(currency?.Trim(), out var known))
            problem = "A currency has three letters, like EUR or BTC.";
        else if (!MoneyInput.TryRead(amount, known, out var minorUnits))
            problem = "Write the price like 12.50.";
        else
        {
            var request = new PaymentLinkRequest
            {
                StoreId = scope.StoreId,
                IsLive = scope.IsLive,
                Currency = known,
                Lines = [new CheckoutLine((name ?? "").Trim(), null, minorUnits, 1)],
            };
            var created = await database.WriteAsync((transaction, token) => links.CreateAsync(transaction, request, token), cancellationToken);
            if (created.TryGet(out _, out var error))
                return TypedResults.Redirect("/dashboard/links");
            problem = error.Message;
        }

        return await ListAsync(problem, name, amount, currency, context, database, address, cancellationToken);
    }

    private static async Task<IResult> UpdateAsync(string id, [FromForm] string? active, HttpContext context, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "links");
        var isFound = await database.WriteAsync(
            (transaction, token) => PaymentLinkStore.SetActiveAsync(transaction, scope.StoreId, scope.IsLive, id, active is "true", token), cancellationToken);
        return isFound ? TypedResults.Redirect("/dashboard/links") : TypedResults.NotFound();
    }
}

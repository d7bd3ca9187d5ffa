using Microsoft.AspNetCore.Mvc;
using Tributary.Payments.Checkout;
using Tributary.Payments.Errors;
using Tributary.Payments.Refunds;
using Tributary.Server.Pages.Dashboard;
using Tributary.Server.Team;
using Tributary.Server.Web;
using Tributary.Storage.Relational;

namespace Tributary.Server.Dashboard;

/// <summary>Refunds: asked for at a payment, approved or taken back in their list.</summary>
internal static class RefundPages
{
    private const int ListMax = 100;

    public static void Map(IEndpointRouteBuilder desk)
    {
        desk.MapGet("/refunds", static (HttpContext context, RefundService refunds, CancellationToken token) => ListAsync(null, context, refunds, token)).Require(Permission.View);
        desk.MapPost("/payments/{id}/refund", CreateAsync).Require(Permission.Refund);
        desk.MapPost("/refunds/{id}/approve", ApproveAsync).Require(Permission.Approve);
        desk.MapPost("/refunds/{id}/cancel", CancelAsync).Require(Permission.Refund);
    }

    private static async Task<IResult> ListAsync(PaymentError? error, HttpContext context, RefundService refunds, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "refunds");
        var found = await refunds.ListAsync(new RefundQuery(scope.StoreId, scope.IsLive, ListMax), cancellationToken);
        return Html.Page<RefundsPage>(
            error is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
            (nameof(RefundsPage.Scope), scope),
            (nameof(RefundsPage.Refunds), found),
            (nameof(RefundsPage.Problem), error?.Message));
    }

    private static async Task<IResult> CreateAsync(
        string id, [FromForm] string? amount, HttpContext context, RefundService refunds, IDatabase database, CheckoutService checkout, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "payments");
        if (await DashboardEndpoints.FindAsync(id, scope, database, cancellationToken) is not { } file)
            return TypedResults.NotFound();
        long? wanted = null;
        if (!string.IsNullOrWhiteSpace(amount))
        {
            if (!MoneyInput.TryRead(amount, file.Intent.Amount.Currency, out var minorUnits) || minorUnits < 1)
                return await DashboardEndpoints.StoryAsync(id, "Write the amount like 12.50, or leave it empty for all of it.", context, database, checkout, cancellationToken);
            wanted = minorUnits;
        }

        var request = new RefundRequest
        {
            StoreId = scope.StoreId,
            IsLive = scope.IsLive,
            IntentId = id,
            Amount = wanted,
            Reason = RefundReason.RequestedByCustomer,
            Actor = scope.Member.Id,

            // Who may approve may also do it alone; who may not needs somebody who may.
            NeedsApproval = !scope.Member.May(Permission.Approve),
        };
        var created = await refunds.CreateAsync(request, null, cancellationToken);
        if (!created.TryGet(out var view, out var error))
            return await DashboardEndpoints.StoryAsync(id, error.Message, context, database, checkout, cancellationToken);
        await refunds.SendAsync(view, cancellationToken);
        return TypedResults.Redirect("/dashboard/payments/" + id);
    }

    private static async Task<IResult> ApproveAsync(string id, HttpContext context, RefundService refunds, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "refunds");
        var approved = await refunds.ApproveAsync(scope.StoreId, scope.IsLive, id, scope.Member.Id, null, cancellationToken);
        if (!approved.TryGet(out var view, out var error))
            return await ListAsync(error, context, refunds, cancellationToken);
        await refunds.SendAsync(view, cancellationToken);
        return TypedResults.Redirect("/dashboard/refunds");
    }

    private static async Task<IResult> CancelAsync(string id, HttpContext context, RefundService refunds, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "refunds");
        var cancelled = await refunds.CancelAsync(scope.StoreId, scope.IsLive, id, null, cancellationToken);
        return cancelled.TryGet(out _, out var error) ? TypedResults.Redirect("/dashboard/refunds") : await ListAsync(error, context, refunds, cancellationToken);
    }
}

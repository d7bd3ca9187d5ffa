using Microsoft.AspNetCore.Mvc;
using Tributary.Payments.Checkout;
using Tributary.Payments.Errors;
using Tributary.Payments.Rails.Bitcoin.Signing;
using Tributary.Payments.Refunds;
using Tributary.Server.Pages.Dashboard;
using Tributary.Server.Team;
using Tributary.Server.Web;
using Tributary.Storage.Relational;

namespace Tributary.Server.Dashboard;

/// <summary>Refunds: asked for at a payment, approved or taken back in their list.</summary>
internal static class RefundPages
{
    private const int PageSize = 50;

    public static void Map(IEndpointRouteBuilder desk)
    {
        desk.MapGet("/refunds", static (string? after, HttpContext context, RefundService refunds, IDatabase database, CancellationToken token) => ListAsync(null, after, context, refunds, database, token)).Require(Permission.View);
        desk.MapPost("/payments/{id}/refund", CreateAsync).Require(Permission.Refund);
        desk.MapPost("/refunds/{id}/approve", ApproveAsync).Require(Permission.Approve);
        desk.MapPost("/refunds/{id}/cancel", CancelAsync).Require(Permission.Refund);
        desk.MapPost("/psbts/{id}", SubmitAsync).Require(Permission.Refund);
    }

    private static async Task<IResult> ListAsync(
        PaymentError? error, string? after, HttpContext context, RefundService refunds, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "refunds");
        var known = after is { Length: <= 100 } && await refunds.FindAsync(scope.StoreId, scope.IsLive, after, cancellationToken) is not null ? after : null;
        var found = await refunds.ListAsync(new RefundQuery(scope.StoreId, scope.IsLive, PageSize + 1) { After = known }, cancellationToken);
        var orders = context.RequestServices.GetService<SigningDesk>() is { } signing ? await signing.ListAsync(PageSize, cancellationToken) : [];
        var names = await database.ReadAsync((transaction, token) => NamesAsync(TeamDirectory.Of(context), transaction, found, token), cancellationToken);
        return Html.Page<RefundsPage>(
            error is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
            (nameof(RefundsPage.Scope), scope),
            (nameof(RefundsPage.Refunds), found.Take(PageSize).ToList()),
            (nameof(RefundsPage.Orders), orders),
            (nameof(RefundsPage.HasMore), found.Count > PageSize),
            (nameof(RefundsPage.Names), names),
            (nameof(RefundsPage.Problem), error?.Message));
    }

    /// <summary>Who asked for refunds, and who agreed.</summary>
    internal static ValueTask<ActorNames> NamesAsync(TeamDirectory team, ISqlTransaction transaction, IEnumerable<RefundView> refunds, CancellationToken cancellationToken) =>
        ActorNames.ReadAsync(team, transaction, refunds.SelectMany(static view => new[] { view.Refund.CreatedBy, view.Refund.ApprovedBy }), cancellationToken);

    private static async Task<IResult> CreateAsync(
        string id, [FromForm] string? amount, [FromForm] string? reason, HttpContext context, RefundService refunds, ActivityLog log, IDatabase database, CheckoutService checkout, CancellationToken cancellationToken)
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
            Reason = reason switch { "duplicate" => RefundReason.Duplicate, "fraudulent" => RefundReason.Fraudulent, _ => RefundReason.RequestedByCustomer },
            Actor = scope.Member.Id,

            // Who may approve may also do it alone; who may not needs somebody who may.
            NeedsApproval = !scope.Member.May(Permission.Approve),
        };
        var created = await refunds.CreateAsync(request, null, cancellationToken);
        if (!created.TryGet(out var view, out var error))
            return await DashboardEndpoints.StoryAsync(id, error.Message, context, database, checkout, cancellationToken);
        await log.WriteAsync(scope, "Asked for a refund", id, view.Refund.Amount.ToString(), cancellationToken);
        await refunds.SendAsync(view, cancellationToken);
        return TypedResults.Redirect("/dashboard/payments/" + id);
    }

    private static async Task<IResult> ApproveAsync(string id, HttpContext context, RefundService refunds, ActivityLog log, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "refunds");
        var approved = await refunds.ApproveAsync(scope.StoreId, scope.IsLive, id, scope.Member.Id, null, cancellationToken);
        if (!approved.TryGet(out var view, out var error))
            return await ListAsync(error, null, context, refunds, database, cancellationToken);
        await log.WriteAsync(scope, "Approved a refund", id, view.Refund.Amount.ToString(), cancellationToken);
        await refunds.SendAsync(view, cancellationToken);
        return TypedResults.Redirect("/dashboard/refunds");
    }

    private static async Task<IResult> SubmitAsync(string id, [FromForm] string? psbt, HttpContext context, RefundService refunds, ActivityLog log, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "refunds");
        if (context.RequestServices.GetService<SigningDesk>() is not { } desk)
            return TypedResults.NotFound();
        var submitted = await desk.SubmitAsync(id, psbt ?? "", cancellationToken);
        if (!submitted.TryGet(out var txid, out var error))
            return await ListAsync(error, null, context, refunds, database, cancellationToken);
        await log.WriteAsync(scope, "Handed in a signed transaction", id, txid.ToString(), cancellationToken);
        return TypedResults.Redirect("/dashboard/refunds");
    }

    private static async Task<IResult> CancelAsync(string id, HttpContext context, RefundService refunds, ActivityLog log, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "refunds");
        var cancelled = await refunds.CancelAsync(scope.StoreId, scope.IsLive, id, null, cancellationToken);
        if (!cancelled.TryGet(out var view, out var error))
            return await ListAsync(error, null, context, refunds, database, cancellationToken);
        await log.WriteAsync(scope, "Took a refund back", id, view.Refund.Amount.ToString(), cancellationToken);
        return TypedResults.Redirect("/dashboard/refunds");
    }
}

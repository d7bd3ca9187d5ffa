using Microsoft.AspNetCore.Mvc;
using Tributary.Payments;
using Tributary.Payments.Checkout;
using Tributary.Payments.Intents;
using Tributary.Payments.Money;
using Tributary.Server.Team;
using Tributary.Storage.Relational;

namespace Tributary.Server.Dashboard;

/// <summary>What a member does to one payment: takes what is held, or gives it up.</summary>
internal static class PaymentPages
{
    public static void Map(IEndpointRouteBuilder desk)
    {
        desk.MapPost("/payments/{id}/capture", CaptureAsync).Require(Permission.Capture);
        desk.MapPost("/payments/{id}/cancel", CancelAsync).Require(Permission.Capture);
    }

    private static async Task<IResult> CaptureAsync(
        string id, [FromForm] string? amount, HttpContext context, PaymentService payments, ActivityLog log, IDatabase database, CheckoutService checkout, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "payments");
        if (await DashboardEndpoints.FindAsync(id, scope, database, cancellationToken) is not { } file)
            return TypedResults.NotFound();
        CurrencyAmount? wanted = null;
        if (!string.IsNullOrWhiteSpace(amount))
        {
            if (!MoneyInput.TryRead(amount, file.Intent.Amount.Currency, out var minorUnits) || minorUnits < 1)
                return await DashboardEndpoints.StoryAsync(id, "Write the amount like 12.50, or leave it empty for all of it.", context, database, checkout, cancellationToken);
            wanted = file.Intent.Amount with { MinorUnits = minorUnits };
        }

        var captured = await payments.CaptureAsync(id, wanted, null, cancellationToken);
        if (!captured.TryGet(out _, out var error))
            return await DashboardEndpoints.StoryAsync(id, error.Message, context, database, checkout, cancellationToken);
        await log.WriteAsync(scope, "Captured a payment", id, wanted?.ToString() ?? "all of it", cancellationToken);
        return TypedResults.Redirect("/dashboard/payments/" + id);
    }

    private static async Task<IResult> CancelAsync(
        string id, HttpContext context, PaymentService payments, ActivityLog log, IDatabase database, CheckoutService checkout, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "payments");
        if (await DashboardEndpoints.FindAsync(id, scope, database, cancellationToken) is null)
            return TypedResults.NotFound();
        var cancelled = await payments.CancelAsync(id, CancellationReason.Abandoned, null, cancellationToken);
        if (!cancelled.TryGet(out _, out var error))
            return await DashboardEndpoints.StoryAsync(id, error.Message, context, database, checkout, cancellationToken);
        await log.WriteAsync(scope, "Cancelled a payment", id, "", cancellationToken);
        return TypedResults.Redirect("/dashboard/payments/" + id);
    }
}

using System.Collections.Immutable;
using Tributary.Payments.Disputes;
using Tributary.Payments.Errors;
using Tributary.Server.Pages.Dashboard;
using Tributary.Server.Team;
using Tributary.Server.Web;

namespace Tributary.Server.Dashboard;

/// <summary>Disputes: what a bank takes back, and what the merchant says to it.</summary>
internal static class DisputePages
{
    private const int PageSize = 50;
    private const int TextMax = 20_000;

    /// <summary>What a form asks for, in the order in which a bank reads it; the API takes more.</summary>
    internal static readonly (string Name, string Label, bool IsLong)[] Evidence =
    [
        ("product_description", "What was sold", true),
        ("customer_name", "Name of the shopper", false),
        ("customer_email_address", "E-mail address of the shopper", false),
        ("customer_purchase_ip", "Address that the order came from (IP)", false),
        ("billing_address", "Billing address", false),
        ("shipping_address", "Shipping address", false),
        ("shipping_carrier", "Carrier", false),
        ("shipping_tracking_number", "Tracking number", false),
        ("shipping_date", "Shipped on", false),
        ("access_activity_log", "When and from where the shopper used what was sold", true),
        ("customer_communication", "What the shopper wrote to you", true),
        ("refund_policy_disclosure", "How the shopper saw your refund policy", true),
        ("refund_refusal_explanation", "Why there is no refund", true),
        ("uncategorized_text", "Anything else", true),
    ];

    public static void Map(IEndpointRouteBuilder desk)
    {
        desk.MapGet("/disputes", ListAsync).Require(Permission.View);
        desk.MapGet("/disputes/{id}", static (string id, HttpContext context, DisputeService disputes, CancellationToken token) => ShowAsync(id, null, context, disputes, token)).Require(Permission.View);
        desk.MapPost("/disputes/{id}", AnswerAsync).Require(Permission.Dispute);
        desk.MapPost("/disputes/{id}/accept", AcceptAsync).Require(Permission.Dispute);
    }

    private static async Task<IResult> ListAsync(string? after, HttpContext context, DisputeService disputes, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "disputes");
        var known = after is { Length: <= 100 } && await disputes.FindAsync(scope.StoreId, scope.IsLive, after, cancellationToken) is not null ? after : null;
        var found = await disputes.ListAsync(new DisputeQuery(scope.StoreId, scope.IsLive, PageSize + 1) { After = known }, cancellationToken);
        return Html.Page<DisputesPage>(
            (nameof(DisputesPage.Scope), scope), (nameof(DisputesPage.Disputes), found.Take(PageSize).ToList()), (nameof(DisputesPage.HasMore), found.Count > PageSize));
    }

    private static async Task<IResult> ShowAsync(string id, PaymentError? error, HttpContext context, DisputeService disputes, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "disputes");
        return await disputes.FindAsync(scope.StoreId, scope.IsLive, id, cancellationToken) is { } view
            ? Html.Page<DisputePage>(
                error is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
                (nameof(DisputePage.Scope), scope),
                (nameof(DisputePage.View), view),
                (nameof(DisputePage.Problem), error?.Message))
            : TypedResults.NotFound();
    }

    private static async Task<IResult> AnswerAsync(string id, HttpContext context, DisputeService disputes, ActivityLog log, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "disputes");
        var form = await context.Request.ReadFormAsync(cancellationToken);
        var evidence = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, label, _) in Evidence)
        {
            var text = form[name].ToString().Trim();
            if (text.Length > TextMax)
                return await ShowAsync(id, PaymentError.Invalid("parameter_invalid", name, $"{label}: at most {TextMax} characters."), context, disputes, cancellationToken);
            if (text.Length > 0)
                evidence[name] = text;
        }

        var isSubmitted = string.Equals(form["act"], "submit", StringComparison.Ordinal);
        if (isSubmitted && evidence.Count == 0)
            return await ShowAsync(id, PaymentError.Invalid("parameter_missing", "evidence", "Say something to the bank, or accept the dispute."), context, disputes, cancellationToken);
        var answered = await disputes.AnswerAsync(
            scope.StoreId, scope.IsLive, id, evidence.ToImmutable(), static metadata => metadata, isSubmitted, null, cancellationToken);
        if (!answered.TryGet(out _, out var error))
            return error.Kind == PaymentErrorKind.NotFound ? TypedResults.NotFound() : await ShowAsync(id, error, context, disputes, cancellationToken);
        if (isSubmitted)
            await log.WriteAsync(scope, "Sent evidence to the bank", id, "", cancellationToken);
        return TypedResults.Redirect("/dashboard/disputes/" + id);
    }

    private static async Task<IResult> AcceptAsync(string id, HttpContext context, DisputeService disputes, ActivityLog log, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "disputes");
        var closed = await disputes.CloseAsync(scope.StoreId, scope.IsLive, id, null, cancellationToken);
        if (!closed.TryGet(out _, out var error))
            return error.Kind == PaymentErrorKind.NotFound ? TypedResults.NotFound() : await ShowAsync(id, error, context, disputes, cancellationToken);
        await log.WriteAsync(scope, "Accepted a dispute", id, "", cancellationToken);
        return TypedResults.Redirect("/dashboard/disputes/" + id);
    }
}

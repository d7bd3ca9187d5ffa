using Tributary.Payments;
using Tributary.Payments.Intents;
using Tributary.Payments.Risk;
using Tributary.Payments.Storage;
using Tributary.Server.Pages.Dashboard;
using Tributary.Server.Team;
using Tributary.Server.Web;
using Tributary.Storage.Relational;

namespace Tributary.Server.Dashboard;

/// <summary>Payments that a person is asked to look at: let them pass, or give the money back.</summary>
internal static class ReviewPages
{
    private const int ListMax = 100;

    public static void Map(IEndpointRouteBuilder desk)
    {
        desk.MapGet("/reviews", static (HttpContext context, IDatabase database, CancellationToken token) => ListAsync(null, context, database, token)).Require(Permission.View);
        desk.MapPost("/reviews/{id}/approve", ApproveAsync).Require(Permission.Review);
        desk.MapPost("/reviews/{id}/refuse", RefuseAsync).Require(Permission.Review);
    }

    private static async Task<IResult> ListAsync(string? problem, HttpContext context, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "reviews");
        var open = await database.ReadAsync(
            async (transaction, token) =>
            {
                var found = new List<(Review, PaymentFile)>();
                foreach (var review in await ReviewStore.ListAsync(transaction, scope.StoreId, scope.IsLive, openOnly: true, default, null, ListMax, token))
                    found.Add((review, await PaymentStore.FindAsync(transaction, review.IntentId, token) ?? throw new InvalidOperationException($"{review.IntentId} is gone.")));
                return found;
            },
            cancellationToken);
        return Html.Page<ReviewsPage>(
            problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
            (nameof(ReviewsPage.Scope), scope),
            (nameof(ReviewsPage.Reviews), open),
            (nameof(ReviewsPage.Problem), problem));
    }

    private static async Task<IResult> ApproveAsync(string id, HttpContext context, PaymentService payments, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "reviews");
        var approved = await payments.ApproveReviewAsync(scope.StoreId, scope.IsLive, id, cancellationToken);
        return approved.TryGet(out _, out var error) ? TypedResults.Redirect("/dashboard/reviews") : await ListAsync(error.Message, context, database, cancellationToken);
    }

    private static async Task<IResult> RefuseAsync(string id, HttpContext context, PaymentService payments, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "reviews");
        var review = await database.ReadAsync((transaction, token) => ReviewStore.FindAsync(transaction, id, token), cancellationToken);
        if (review is null || review.IsLive != scope.IsLive || !string.Equals(review.StoreId, scope.StoreId, StringComparison.Ordinal))
            return TypedResults.NotFound();
        var cancelled = await payments.CancelAsync(review.IntentId, CancellationReason.Fraudulent, null, cancellationToken);

        // What has settled cannot be cancelled: it is refunded at the payment.
        return cancelled.TryGet(out _, out var error)
            ? TypedResults.Redirect("/dashboard/reviews")
            : await ListAsync($"{error.Message} Refund it at its payment instead.", context, database, cancellationToken);
    }
}

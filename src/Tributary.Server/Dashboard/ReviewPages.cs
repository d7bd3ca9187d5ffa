using Tributary.Payments;
using Tributary.Payments.Intents;
using Tributary.Payments.Refunds;
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
    private const int ClosedMax = 20;

    public static void Map(IEndpointRouteBuilder desk)
    {
        desk.MapGet("/reviews", static (HttpContext context, IDatabase database, CancellationToken token) => ListAsync(null, context, database, token)).Require(Permission.View);
        desk.MapPost("/reviews/{id}/approve", ApproveAsync).Require(Permission.Review);
        desk.MapPost("/reviews/{id}/refuse", RefuseAsync).Require(Permission.Review);
    }

    private static async Task<IResult> ListAsync(string? problem, HttpContext context, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "reviews");
        var (open, closed) = await database.ReadAsync(
            async (transaction, token) => (
                await WithFilesAsync(transaction, await ReviewStore.ListAsync(transaction, scope.StoreId, scope.IsLive, openOnly: true, default, null, ListMax, token), token),
                await WithFilesAsync(
                    transaction, (await ReviewStore.ListAsync(transaction, scope.StoreId, scope.IsLive, openOnly: false, default, null, ListMax, token)).Where(static review => !review.IsOpen).Take(ClosedMax), token)),
            cancellationToken);
        return Html.Page<ReviewsPage>(
            problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
            (nameof(ReviewsPage.Scope), scope),
            (nameof(ReviewsPage.Reviews), open),
            (nameof(ReviewsPage.Closed), closed),
            (nameof(ReviewsPage.Problem), problem));
    }

    private static async ValueTask<List<(Review, PaymentFile)>> WithFilesAsync(ISqlTransaction transaction, IEnumerable<Review> reviews, CancellationToken cancellationToken)
    {
        var found = new List<(Review, PaymentFile)>();
        foreach (var review in reviews)
            found.Add((review, await PaymentStore.FindAsync(transaction, review.IntentId, cancellationToken) ?? throw new InvalidOperationException($"{review.IntentId} is gone.")));
        return found;
    }

    private static async Task<IResult> ApproveAsync(string id, HttpContext context, PaymentService payments, ActivityLog log, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "reviews");
        var approved = await payments.ApproveReviewAsync(scope.StoreId, scope.IsLive, id, cancellationToken);
        if (!approved.TryGet(out var review, out var error))
            return await ListAsync(error.Message, context, database, cancellationToken);
        await log.WriteAsync(scope, "Let a reviewed payment pass", review.IntentId, "", cancellationToken);
        return TypedResults.Redirect("/dashboard/reviews");
    }

    // Held money goes back by itself; what has settled goes back as a refund, which waits for a second person where this one may not send it.
    private static async Task<IResult> RefuseAsync(
        string id, HttpContext context, PaymentService payments, RefundService refunds, ActivityLog log, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "reviews");
        var (review, file) = await database.ReadAsync(
            async (transaction, token) => await ReviewStore.FindAsync(transaction, id, token) is { } found ? (found, await PaymentStore.FindAsync(transaction, found.IntentId, token)) : ((Review?)null, null),
            cancellationToken);
        if (review is null || file is null || review.IsLive != scope.IsLive || !string.Equals(review.StoreId, scope.StoreId, StringComparison.Ordinal))
            return TypedResults.NotFound();
        if (!review.IsOpen)
            return await ListAsync("This review is closed already.", context, database, cancellationToken);
        if (file.Intent.Status == IntentStatus.Succeeded)
        {
            var request = new RefundRequest
            {
                StoreId = scope.StoreId,
                IsLive = scope.IsLive,
                IntentId = review.IntentId,
                Reason = RefundReason.Fraudulent,
                Actor = scope.Member.Id,
                NeedsApproval = !scope.Member.May(Permission.Approve),
            };
            var refunded = await refunds.CreateAsync(request, null, cancellationToken);
            if (!refunded.TryGet(out var view, out var refused))
                return await ListAsync(refused.Message, context, database, cancellationToken);
            await refunds.SendAsync(view, cancellationToken);
        }
        else if (!(await payments.CancelAsync(review.IntentId, CancellationReason.Fraudulent, null, cancellationToken)).TryGet(out _, out var error))
        {
            return await ListAsync(error.Message, context, database, cancellationToken);
        }

        await log.WriteAsync(scope, "Refused a reviewed payment", review.IntentId, "", cancellationToken);
        return TypedResults.Redirect("/dashboard/reviews");
    }
}

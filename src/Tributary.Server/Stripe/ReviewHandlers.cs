using Tributary.Payments;
using Tributary.Payments.Errors;
using Tributary.Payments.Intents;
using Tributary.Payments.Risk;
using Tributary.Payments.Storage;
using Tributary.Storage.Relational;

namespace Tributary.Server.Stripe;

/// <summary>What the routes of reviews do: payments that a person is asked to look at.</summary>
internal sealed class ReviewHandlers(PaymentService payments, IDatabase database)
{
    /// <summary>Open reviews, the newest first, as in Stripe's API.</summary>
    public async Task<StripeAnswer> ListAsync(StripeCall call, CancellationToken cancellationToken)
    {
        var parameters = call.Parameters;
        var page = StripePage.Read(parameters);
        if (page.Before is not null)
            parameters.Refuse("parameter_invalid", "ending_before", "Reviews are listed from the newest: page with starting_after.");
        parameters.Ignore("expand");
        if (parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        var key = call.Request.Key;
        if (page.After is not null && await FindAsync(page.After, call, cancellationToken) is null)
            return StripeErrors.Of(PaymentError.Missing("review", page.After));
        var found = await database.ReadAsync(
            async (transaction, token) =>
            {
                var reviews = await ReviewStore.ListAsync(transaction, key.StoreId, key.IsLive, openOnly: true, page.Created, page.After, page.Limit + 1, token);
                var files = new List<(Review Review, PaymentFile File)>();
                foreach (var review in reviews)
                    files.Add((review, (await PaymentStore.FindAsync(transaction, review.IntentId, token))!));
                return files;
            },
            cancellationToken);
        return page.Answer("/v1/reviews", found, static (writer, one) => StripeReviews.Write(writer, one.Review, one.File));
    }

    public async Task<StripeAnswer> RetrieveAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        call.Parameters.Ignore("expand");
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        return await FindAsync(id, call, cancellationToken) is { } review
            ? await AnswerAsync(review, cancellationToken)
            : StripeErrors.Of(PaymentError.Missing("review", id));
    }

    public async Task<StripeAnswer> ApproveAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        call.Parameters.Ignore("expand");
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        var key = call.Request.Key;
        var approved = await payments.ApproveReviewAsync(key.StoreId, key.IsLive, id, cancellationToken);
        return approved.TryGet(out var review, out var refused) ? await AnswerAsync(review, cancellationToken) : StripeErrors.Of(refused);
    }

    private async Task<StripeAnswer> AnswerAsync(Review review, CancellationToken cancellationToken)
    {
        var file = (await payments.FindAsync(review.IntentId, cancellationToken))!;
        return StripeAnswer.Of(StatusCodes.Status200OK, writer => StripeReviews.Write(writer, review, file));
    }

    private async Task<Review?> FindAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        var key = call.Request.Key;
        var review = await database.ReadAsync((transaction, token) => ReviewStore.FindAsync(transaction, id, token), cancellationToken);
        return review is not null && review.IsLive == key.IsLive && string.Equals(review.StoreId, key.StoreId, StringComparison.Ordinal) ? review : null;
    }
}

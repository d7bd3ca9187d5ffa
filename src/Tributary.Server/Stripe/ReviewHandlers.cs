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
    private const int PageMax = 100;
    private const int PageDefault = 10;

    /// <summary>Open reviews, the newest first, as in Stripe's API.</summary>
    public async Task<StripeAnswer> ListAsync(StripeCall call, CancellationToken cancellationToken)
    {
        var parameters = call.Parameters;
        var limit = parameters.Integer("limit") ?? PageDefault;
        if (limit is < 1 or > PageMax)
            parameters.Refuse("parameter_invalid_integer", "limit", $"Invalid integer: limit must be from 1 to {PageMax}.");
        var after = parameters.Text("starting_after", 100);
        parameters.Ignore("expand");
        if (parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        var key = call.Request.Key;
        if (after is not null && await FindAsync(after, call, cancellationToken) is null)
            return StripeErrors.Of(PaymentError.Missing("review", after));
        var found = await database.ReadAsync(
            async (transaction, token) =>
            {
                var reviews = await ReviewStore.ListAsync(transaction, key.StoreId, key.IsLive, openOnly: true, after, (int)limit + 1, token);
                var files = new List<(Review Review, PaymentFile File)>();
                foreach (var review in reviews)
                    files.Add((review, (await PaymentStore.FindAsync(transaction, review.IntentId, token))!));
                return files;
            },
            cancellationToken);
        return StripeAnswer.Of(StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("object", "list");
            writer.WriteStartArray("data");
            foreach (var (review, file) in found.Take((int)limit))
                StripeReviews.Write(writer, review, file);
            writer.WriteEndArray();
            writer.WriteBoolean("has_more", found.Count > limit);
            writer.WriteString("url", "/v1/reviews");
            writer.WriteEndObject();
        });
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

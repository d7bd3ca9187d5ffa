using System.Text.Json;
using Tributary.Payments.Identifiers;
using Tributary.Payments.Intents;
using Tributary.Payments.Outbox;
using Tributary.Payments.Storage;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Risk;

/// <summary>Opens and closes reviews, each with its event, in a transaction of the caller.</summary>
public sealed class ReviewBook(ObjectIds ids, TimeProvider time)
{
    public const string Opened = "review.opened";
    public const string Closed = "review.closed";

    /// <summary>Does an event tell of a review?</summary>
    public static bool IsOne(string kind) => kind is Opened or Closed;

    /// <summary>Opens the review that an attempt's verdict asks for; nothing where it asks for none.</summary>
    public async ValueTask OpenAsync(ISqlTransaction transaction, PaymentFile file, PaymentAttempt attempt, CancellationToken cancellationToken)
    {
        if (attempt.Risk is not { ReviewId: { } id } risk)
            return;
        var intent = file.Intent;
        var review = new Review(id, intent.StoreId, intent.IsLive, intent.Id, attempt.Id, risk.Reference, risk.IsHeld, attempt.CreatedAt);
        await ReviewStore.InsertAsync(transaction, review, cancellationToken);
        await TellAsync(transaction, Opened, 1, review, file, cancellationToken);
    }

    /// <summary>Closes a review; one that is closed already stays as it is.</summary>
    public async ValueTask CloseAsync(ISqlTransaction transaction, Review review, PaymentFile file, ReviewClosing closing, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (await ReviewStore.CloseAsync(transaction, review.Id, closing, now, cancellationToken))
            await TellAsync(transaction, Closed, 2, review with { ClosedAt = now, Closing = closing }, file, cancellationToken);
    }

    /// <summary>The review and its payment as they were when the event happened.</summary>
    public static (Review Review, PaymentFile File) Read(OutboxEvent told)
    {
        var stored = JsonSerializer.Deserialize(told.Document, PaymentJson.Default.StoredReview)
            ?? throw new InvalidOperationException($"Event {told.Id} has no document.");
        return stored.Format == StoredReview.CurrentFormat
            ? (stored.Review, stored.File)
            : throw new InvalidOperationException($"Event {told.Id} has the format {stored.Format}: a newer version of the program wrote it.");
    }

    private ValueTask TellAsync(ISqlTransaction transaction, string kind, long version, Review review, PaymentFile file, CancellationToken cancellationToken) =>
        OutboxLog.AddAsync(
            transaction,
            new OutboxEvent(
                0,
                ids.Next("evt"),
                review.StoreId,
                review.IsLive,
                kind,
                review.Id,
                version,
                time.GetUtcNow(),
                JsonSerializer.Serialize(new StoredReview(StoredReview.CurrentFormat, review, file), PaymentJson.Default.StoredReview)),
            0,
            cancellationToken);
}

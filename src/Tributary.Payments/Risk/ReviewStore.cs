using Tributary.Payments.Storage;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Risk;

/// <summary>Reads and writes reviews within a transaction of the caller.</summary>
public static class ReviewStore
{
    private const string Columns = "SELECT id, store_id, is_live, intent_id, attempt_id, reference, is_held, opened_us, closed_us, closing FROM reviews";

    /// <summary>Opens a review.</summary>
    public static ValueTask InsertAsync(ISqlTransaction transaction, Review review, CancellationToken cancellationToken) => transaction.ExecuteOneAsync(
        """
        INSERT INTO reviews (id, store_id, is_live, intent_id, attempt_id, reference, is_held, opened_us)
        VALUES (@id, @store, @live, @intent, @attempt, @reference, @held, @opened)
        """,
        new SqlArguments
        {
            { "id", review.Id },
            { "store", review.StoreId },
            { "live", review.IsLive },
            { "intent", review.IntentId },
            { "attempt", review.AttemptId },
            { "reference", review.Reference },
            { "held", review.IsHeld },
            { "opened", ToMicroseconds(review.OpenedAt) },
        },
        cancellationToken);

    /// <summary>Closes a review that is open; false where it was closed before.</summary>
    public static async ValueTask<bool> CloseAsync(
        ISqlTransaction transaction, string id, ReviewClosing closing, DateTimeOffset now, CancellationToken cancellationToken) =>
        await transaction.ExecuteAsync(
            "UPDATE reviews SET closed_us = @at, closing = @closing WHERE id = @id AND closed_us IS NULL",
            new SqlArguments { { "id", id }, { "at", ToMicroseconds(now) }, { "closing", closing.ToString() } },
            cancellationToken) == 1;

    /// <summary>A review by its name; null where there is none.</summary>
    public static ValueTask<Review?> FindAsync(ISqlTransaction transaction, string id, CancellationToken cancellationToken) =>
        transaction.FirstOrDefaultAsync(Columns + " WHERE id = @id", new SqlArguments { { "id", id } }, Read, cancellationToken);

    /// <summary>The reviews of a payment that are open.</summary>
    public static ValueTask<List<Review>> FindOpenAsync(ISqlTransaction transaction, string intentId, CancellationToken cancellationToken) =>
        transaction.QueryAsync(
            Columns + " WHERE intent_id = @intent AND closed_us IS NULL ORDER BY opened_us, id", new SqlArguments { { "intent", intentId } }, Read, cancellationToken);

    /// <summary>A store's reviews, the newest first: those that are open, or all.</summary>
    public static ValueTask<List<Review>> ListAsync(
        ISqlTransaction transaction, string storeId, bool isLive, bool openOnly, CreatedSpan opened, string? after, int limit, CancellationToken cancellationToken)
    {
        var arguments = new SqlArguments { { "store", storeId }, { "live", isLive }, { "limit", limit } };
        opened.AddTo(arguments);
        if (after is not null)
            arguments.Add("after", after);
        return transaction.QueryAsync(
            $"""
            {Columns} WHERE store_id = @store AND is_live = @live {(openOnly ? "AND closed_us IS NULL" : "")}{opened.Condition("opened_us")}
            {(after is null ? "" : "AND (opened_us, id) < (SELECT opened_us, id FROM reviews WHERE id = @after AND store_id = @store AND is_live = @live)")}
            ORDER BY opened_us DESC, id DESC LIMIT @limit
            """,
            arguments,
            Read,
            cancellationToken);
    }

    private static Review Read(SqlRow row) => new(
        row.Text(0), row.Text(1), row.Flag(2), row.Text(3), row.Text(4), row.Text(5), row.Flag(6), FromMicroseconds(row.Integer(7)))
    {
        ClosedAt = row.IsNull(8) ? null : FromMicroseconds(row.Integer(8)),
        Closing = row.IsNull(9) ? null : Enum.Parse<ReviewClosing>(row.Text(9)),
    };

    // A list is in the order of opening, so milliseconds are too few.
    private static long ToMicroseconds(DateTimeOffset at) => at.UtcTicks / TimeSpan.TicksPerMicrosecond;

    private static DateTimeOffset FromMicroseconds(long at) => new(at * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
}

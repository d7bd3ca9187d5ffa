using Tributary.Payments.Outbox;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Webhooks;

/// <summary>What was sent to endpoints, and how they took it; sends again on demand.</summary>
public static class DeliveryLog
{
    private const string Columns = """
        SELECT d.id, d.endpoint_id, e.url, o.kind, o.id, d.tries, d.due_at, d.done_at, d.outcome, o.created_at
        FROM webhook_deliveries d JOIN webhook_endpoints e ON e.id = d.endpoint_id JOIN outbox o ON o.id = d.event_id
        """;

    /// <summary>Deliveries to an endpoint of a store, the newest event first.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="storeId">The store.</param>
    /// <param name="isLive">Its real or its test events.</param>
    /// <param name="endpointId">The endpoint.</param>
    /// <param name="state">"failed" for those that were given up, "waiting" for those that are tried again; null for all.</param>
    /// <param name="before">Only events before that of this delivery.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    public static ValueTask<List<DeliveryLine>> OfEndpointAsync(
        ISqlTransaction transaction, string storeId, bool isLive, string endpointId, string? state, string? before, int limit, CancellationToken cancellationToken)
    {
        var arguments = new SqlArguments { { "endpoint", endpointId }, { "store", storeId }, { "live", isLive }, { "limit", limit } };
        var where = state switch
        {
            "failed" => " AND d.due_at IS NULL AND d.done_at IS NULL",
            "waiting" => " AND d.due_at IS NOT NULL AND d.tries > 0",
            _ => "",
        };
        if (before is not null)
        {
            where += " AND d.event_position < (SELECT b.event_position FROM webhook_deliveries b WHERE b.id = @before AND b.endpoint_id = @endpoint)";
            arguments.Add("before", before);
        }

        return transaction.QueryAsync(
            $"{Columns} WHERE d.endpoint_id = @endpoint AND e.store_id = @store AND e.is_live = @live{where} ORDER BY d.event_position DESC LIMIT @limit", arguments, Read, cancellationToken);
    }

    /// <summary>A delivery to an endpoint, with what it tells; null where the endpoint has none of that name.</summary>
    public static async ValueTask<(DeliveryLine Line, OutboxEvent Event)?> FindAsync(ISqlTransaction transaction, WebhookEndpoint endpoint, string deliveryId, CancellationToken cancellationToken)
    {
        var line = await transaction.FirstOrDefaultAsync(
            Columns + " WHERE d.id = @id AND d.endpoint_id = @endpoint", new SqlArguments { { "id", deliveryId }, { "endpoint", endpoint.Id } }, Read, cancellationToken);
        return line is not null && await OutboxLog.FindAnyAsync(transaction, endpoint.StoreId, endpoint.IsLive, line.EventId, cancellationToken) is { } told ? (line, told) : null;
    }

    /// <summary>Deliveries that tell of an object, the oldest first.</summary>
    public static ValueTask<List<DeliveryLine>> OfObjectAsync(ISqlTransaction transaction, string objectId, int limit, CancellationToken cancellationToken) =>
        transaction.QueryAsync(
            Columns + " WHERE o.object_id = @object ORDER BY o.position, d.endpoint_id LIMIT @limit",
            new SqlArguments { { "object", objectId }, { "limit", limit } },
            Read,
            cancellationToken);

    /// <summary>Sends a delivery again, now; false where the store has none of that name, or its endpoint has ended.</summary>
    public static async ValueTask<bool> RepeatAsync(ISqlTransaction transaction, string storeId, bool isLive, string deliveryId, DateTimeOffset now, CancellationToken cancellationToken) =>
        await transaction.ExecuteAsync(
            """
            UPDATE webhook_deliveries SET due_at = @now, done_at = NULL
            WHERE id = @id AND endpoint_id IN (SELECT e.id FROM webhook_endpoints e WHERE e.store_id = @store AND e.is_live = @live AND e.deleted_at IS NULL)
            """,
            new SqlArguments { { "now", now }, { "id", deliveryId }, { "store", storeId }, { "live", isLive } },
            cancellationToken) == 1;

    /// <summary>A delivery of a store with its event; null where it has none of that name.</summary>
    public static async ValueTask<(DeliveryLine Line, OutboxEvent Event)?> FindAsync(
        ISqlTransaction transaction, string storeId, bool isLive, string deliveryId, CancellationToken cancellationToken)
    {
        var line = await transaction.FirstOrDefaultAsync(
            Columns + " WHERE d.id = @id AND e.store_id = @store AND e.is_live = @live",
            new SqlArguments { { "id", deliveryId }, { "store", storeId }, { "live", isLive } },
            Read,
            cancellationToken);
        return line is not null && await OutboxLog.FindAsync(transaction, storeId, isLive, line.EventId, cancellationToken) is { } told ? (line, told) : null;
    }

    /// <summary>The tries of a delivery, the newest first.</summary>
    public static ValueTask<List<WebhookTry>> TriesAsync(ISqlTransaction transaction, string deliveryId, CancellationToken cancellationToken) => transaction.QueryAsync(
        "SELECT number, at, took_ms, outcome, answer FROM webhook_tries WHERE delivery_id = @id ORDER BY number DESC LIMIT 100",
        new SqlArguments { { "id", deliveryId } },
        static row => new WebhookTry(row.Integer(0), row.Time(1), TimeSpan.FromMilliseconds(row.Integer(2)), row.Text(3), row.TextOrNull(4)),
        cancellationToken);

    internal static async ValueTask WriteAsync(ISqlTransaction transaction, string deliveryId, WebhookTry tried, CancellationToken cancellationToken) => await transaction.ExecuteAsync(
        "INSERT INTO webhook_tries (delivery_id, number, at, took_ms, outcome, answer) VALUES (@id, @number, @at, @took, @outcome, @answer) ON CONFLICT (delivery_id, number) DO NOTHING",
        new SqlArguments
        {
            { "id", deliveryId },
            { "number", tried.Number },
            { "at", tried.At },
            { "took", (long)tried.Took.TotalMilliseconds },
            { "outcome", tried.Outcome },
            { "answer", tried.Answer },
        },
        cancellationToken);

    private static DeliveryLine Read(SqlRow row) => new(
        row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Integer(5), row.TimeOrNull(6), row.TimeOrNull(7), row.TextOrNull(8))
    {
        EventAt = row.Time(9),
    };
}

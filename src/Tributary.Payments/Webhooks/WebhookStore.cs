using System.Collections.Immutable;
using System.Text.Json;
using Tributary.Payments.Access;
using Tributary.Payments.Identifiers;
using Tributary.Payments.Outbox;
using Tributary.Payments.Storage;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Webhooks;

/// <summary>
/// Endpoints and what is on its way to them. Deliveries are made from the numbered outbox with a cursor for each endpoint, in one transaction with
/// the cursor: an event is neither forgotten nor sent twice as two deliveries. What a delivery's target says decides only when it is tried again.
/// </summary>
public sealed class WebhookStore(ObjectIds ids, SecretBox box, TimeProvider time)
{
    private const string EndpointColumns = """
        SELECT e.id, e.store_id, e.is_live, e.url, e.kinds, e.description, e.created_at, s.is_disabled, s.metadata
        FROM webhook_endpoints e LEFT JOIN webhook_settings s ON s.endpoint_id = e.id
        """;

    /// <summary>Makes an endpoint; its secret is told now, and kept sealed.</summary>
    public ValueTask<(WebhookEndpoint Endpoint, string Secret)> CreateAsync(
        ISqlTransaction transaction, string storeId, bool isLive, Uri url, ImmutableArray<string> kinds, string? description, CancellationToken cancellationToken) =>
        CreateAsync(transaction, storeId, isLive, url, kinds, description, null, cancellationToken);

    /// <summary>Makes an endpoint with a secret that its owner has already; null for a fresh one.</summary>
    public async ValueTask<(WebhookEndpoint Endpoint, string Secret)> CreateAsync(
        ISqlTransaction transaction, string storeId, bool isLive, Uri url, ImmutableArray<string> kinds, string? description, string? chosenSecret, CancellationToken cancellationToken)
    {
        var endpoint = new WebhookEndpoint(ids.Next("we"), storeId, isLive, url, kinds, description, time.GetUtcNow());
        var secret = chosenSecret ?? "whsec_" + ids.Random(32);
        await transaction.ExecuteOneAsync(
            """
            INSERT INTO webhook_endpoints (id, store_id, is_live, url, kinds, description, created_at, secret, position)
            VALUES (@id, @store, @live, @url, @kinds, @description, @at, @secret, @position)
            """,
            new SqlArguments
            {
                { "id", endpoint.Id },
                { "store", storeId },
                { "live", isLive },
                { "url", url.AbsoluteUri },
                { "kinds", string.Join(' ', kinds) },
                { "description", description },
                { "at", endpoint.CreatedAt },
                { "secret", box.Seal(secret, endpoint.Id) },
                // What happened before it existed is not for it, also where that waits for its number.
                { "position", await OutboxLog.EndAsync(transaction, cancellationToken) },
            },
            cancellationToken);
        return (endpoint, secret);
    }

    /// <summary>The endpoints of a store, the newest first.</summary>
    public static ValueTask<List<WebhookEndpoint>> ListAsync(ISqlTransaction transaction, string storeId, bool isLive, int limit, CancellationToken cancellationToken) =>
        transaction.QueryAsync(
            EndpointColumns + " WHERE e.store_id = @store AND e.is_live = @live AND e.deleted_at IS NULL ORDER BY e.created_at DESC, e.id DESC LIMIT @limit",
            new SqlArguments { { "store", storeId }, { "live", isLive }, { "limit", limit } },
            ReadEndpoint,
            cancellationToken);

    /// <summary>An endpoint of a store; null where it has none of that name.</summary>
    public static ValueTask<WebhookEndpoint?> FindAsync(ISqlTransaction transaction, string storeId, bool isLive, string endpointId, CancellationToken cancellationToken) =>
        transaction.FirstOrDefaultAsync(
            EndpointColumns + " WHERE e.id = @id AND e.store_id = @store AND e.is_live = @live AND e.deleted_at IS NULL",
            new SqlArguments { { "id", endpointId }, { "store", storeId }, { "live", isLive } },
            ReadEndpoint,
            cancellationToken);

    /// <summary>An endpoint of any store; null where there is none of that name.</summary>
    public static ValueTask<WebhookEndpoint?> FindAsync(ISqlTransaction transaction, string endpointId, CancellationToken cancellationToken) =>
        transaction.FirstOrDefaultAsync(EndpointColumns + " WHERE e.id = @id AND e.deleted_at IS NULL", new SqlArguments { { "id", endpointId } }, ReadEndpoint, cancellationToken);

    /// <summary>Signs what is sent from now on with another secret.</summary>
    public ValueTask ChangeSecretAsync(ISqlTransaction transaction, string endpointId, string secret, CancellationToken cancellationToken) => transaction.ExecuteOneAsync(
        "UPDATE webhook_endpoints SET secret = @secret WHERE id = @id", new SqlArguments { { "secret", box.Seal(secret, endpointId) }, { "id", endpointId } }, cancellationToken);

    /// <summary>Writes an endpoint that was changed.</summary>
    public static async ValueTask UpdateAsync(ISqlTransaction transaction, WebhookEndpoint endpoint, CancellationToken cancellationToken)
    {
        await transaction.ExecuteOneAsync(
            "UPDATE webhook_endpoints SET url = @url, kinds = @kinds, description = @description WHERE id = @id AND deleted_at IS NULL",
            new SqlArguments { { "url", endpoint.Url.AbsoluteUri }, { "kinds", string.Join(' ', endpoint.Kinds) }, { "description", endpoint.Description }, { "id", endpoint.Id } },
            cancellationToken);
        await transaction.ExecuteOneAsync(
            """
            INSERT INTO webhook_settings (endpoint_id, is_disabled, metadata) VALUES (@id, @disabled, @metadata)
            ON CONFLICT (endpoint_id) DO UPDATE SET is_disabled = @disabled, metadata = @metadata
            """,
            new SqlArguments
            {
                { "id", endpoint.Id },
                { "disabled", endpoint.IsDisabled },
                { "metadata", JsonSerializer.Serialize(new SortedDictionary<string, string>(endpoint.Metadata, StringComparer.Ordinal), PaymentJson.Default.SortedDictionaryStringString) },
            },
            cancellationToken);
    }

    /// <summary>Ends an endpoint and what was on its way to it; false where the store has none of that name.</summary>
    public async ValueTask<bool> DeleteAsync(ISqlTransaction transaction, string storeId, bool isLive, string endpointId, CancellationToken cancellationToken)
    {
        var ended = await transaction.ExecuteAsync(
            "UPDATE webhook_endpoints SET deleted_at = @at WHERE id = @id AND store_id = @store AND is_live = @live AND deleted_at IS NULL",
            new SqlArguments { { "at", time.GetUtcNow() }, { "id", endpointId }, { "store", storeId }, { "live", isLive } },
            cancellationToken);
        if (ended == 0)
            return false;
        await transaction.ExecuteAsync(
            "UPDATE webhook_deliveries SET due_at = NULL, outcome = 'endpoint deleted' WHERE endpoint_id = @id AND due_at IS NOT NULL",
            new SqlArguments { { "id", endpointId } },
            cancellationToken);
        return true;
    }

    /// <summary>Makes deliveries of events that endpoints have not been given yet; returns how many events it looked at.</summary>
    public async ValueTask<int> FanOutAsync(IDatabase database, int limit, CancellationToken cancellationToken)
    {
        var behind = await database.ReadAsync(
            static async (transaction, token) => await transaction.QueryAsync(
                $"""
                {EndpointColumns}
                WHERE e.deleted_at IS NULL AND e.position < (SELECT COALESCE(MAX(position), 0) FROM outbox)
                """,
                SqlArguments.None,
                ReadEndpoint,
                token),
            cancellationToken);
        var looked = 0;
        foreach (var endpoint in behind)
            looked += await database.WriteAsync((transaction, token) => FanOutAsync(transaction, endpoint, limit, token), cancellationToken);
        return looked;
    }

    /// <summary>Deliveries whose time has come.</summary>
    public ValueTask<List<WebhookDelivery>> FindDueAsync(ISqlTransaction transaction, int limit, CancellationToken cancellationToken) =>
        transaction.QueryAsync(
            $"""
            SELECT d.id, d.endpoint_id, e.url, e.secret, d.tries, s.metadata, old.secret, {OutboxLog.EventColumns}
            FROM webhook_deliveries d JOIN webhook_endpoints e ON e.id = d.endpoint_id JOIN outbox o ON o.id = d.event_id LEFT JOIN outbox w ON w.id = o.told_with
              LEFT JOIN webhook_settings s ON s.endpoint_id = e.id
              LEFT JOIN webhook_old_secrets old ON old.endpoint_id = d.endpoint_id AND old.ends_at > @now
            WHERE d.due_at <= @now ORDER BY d.due_at, o.position LIMIT @limit
            """,
            new SqlArguments { { "now", time.GetUtcNow() }, { "limit", limit } },
            static row => new WebhookDelivery(
                row.Text(0),
                row.Text(1),
                new Uri(row.Text(2)),
                row.Bytes(3),
                row.Integer(4),
                OutboxLog.ReadEvent(row, 7))
            {
                IsTriedOnce = ReadMetadata(row.TextOrNull(5)).ContainsKey(WebhookEndpoint.TriedOnce),
                OldSealedSecret = row.BytesOrNull(6),
            },
            cancellationToken);

    /// <summary>The signing secrets of a delivery's endpoint, the newest first: two of them while one is being replaced.</summary>
    public string[] SecretsOf(WebhookDelivery delivery) => delivery.OldSealedSecret is { } old
        ? [box.Open(delivery.SealedSecret, delivery.EndpointId), box.Open(old, delivery.EndpointId)]
        : [box.Open(delivery.SealedSecret, delivery.EndpointId)];

    /// <summary>Replaces an endpoint's secret; deliveries are signed with the one before as well until a time. Null where the store has no such endpoint.</summary>
    public async ValueTask<string?> RotateAsync(ISqlTransaction transaction, string storeId, bool isLive, string endpointId, DateTimeOffset oldEndsAt, CancellationToken cancellationToken)
    {
        if (await FindAsync(transaction, storeId, isLive, endpointId, cancellationToken) is null)
            return null;
        await transaction.ExecuteOneAsync(
            """
            INSERT INTO webhook_old_secrets (endpoint_id, secret, ends_at) SELECT id, secret, @ends FROM webhook_endpoints WHERE id = @id
            ON CONFLICT (endpoint_id) DO UPDATE SET secret = excluded.secret, ends_at = excluded.ends_at
            """,
            new SqlArguments { { "ends", oldEndsAt }, { "id", endpointId } },
            cancellationToken);
        var secret = "whsec_" + ids.Random(32);
        await transaction.ExecuteOneAsync(
            "UPDATE webhook_endpoints SET secret = @secret WHERE id = @id", new SqlArguments { { "secret", box.Seal(secret, endpointId) }, { "id", endpointId } }, cancellationToken);
        return secret;
    }

    /// <summary>Notes how a try went: done, tried again later, or given up.</summary>
    public async ValueTask<bool> NoteAsync(ISqlTransaction transaction, WebhookDelivery delivery, WebhookOutcome told, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var tries = delivery.Tries + 1;
        var isNoted = await transaction.ExecuteAsync(
            "UPDATE webhook_deliveries SET tries = @tries, due_at = @due, outcome = @outcome, done_at = @done WHERE id = @id AND due_at IS NOT NULL",
            new SqlArguments
            {
                { "tries", tries },
                { "due", told.IsTaken || delivery.IsTriedOnce ? null : RetrySchedule.Next(tries, delivery.Event.At, now) },
                { "outcome", told.Outcome },
                { "done", told.IsTaken ? now : (DateTimeOffset?)null },
                { "id", delivery.Id },
            },
            cancellationToken) == 1;
        if (isNoted)
            await DeliveryLog.WriteAsync(transaction, delivery.Id, new WebhookTry(tries, now, told.Took, told.Outcome, told.Kept), cancellationToken);
        return isNoted;
    }

    private async ValueTask<int> FanOutAsync(ISqlTransaction transaction, WebhookEndpoint endpoint, int limit, CancellationToken cancellationToken)
    {
        var position = await transaction.FirstOrDefaultAsync(
            "SELECT position FROM webhook_endpoints WHERE id = @id", new SqlArguments { { "id", endpoint.Id } }, static row => row.Integer(0), cancellationToken);
        var events = await transaction.QueryAsync(
            "SELECT position, id, store_id, is_live, kind FROM outbox WHERE position > @after ORDER BY position LIMIT @limit",
            new SqlArguments { { "after", position }, { "limit", limit } },
            static row => (Position: row.Integer(0), Id: row.Text(1), StoreId: row.Text(2), IsLive: row.Flag(3), Kind: row.Text(4)),
            cancellationToken);
        foreach (var told in events)
        {
            if (!string.Equals(told.StoreId, endpoint.StoreId, StringComparison.Ordinal) || told.IsLive != endpoint.IsLive || !endpoint.Wants(told.Kind))
                continue;
            // After a replay began, some of them exist.
            await transaction.ExecuteAsync(
                "INSERT INTO webhook_deliveries (id, endpoint_id, event_id, event_position, tries, due_at) VALUES (@id, @endpoint, @event, @position, 0, @now) ON CONFLICT (endpoint_id, event_id) DO NOTHING",
                new SqlArguments { { "id", ids.Next("wd") }, { "endpoint", endpoint.Id }, { "event", told.Id }, { "position", told.Position }, { "now", time.GetUtcNow() } },
                cancellationToken);
        }

        if (events.Count > 0)
        {
            await transaction.ExecuteOneAsync(
                "UPDATE webhook_endpoints SET position = @position WHERE id = @id",
                new SqlArguments { { "position", events[^1].Position }, { "id", endpoint.Id } },
                cancellationToken);
        }

        return events.Count;
    }

    private static WebhookEndpoint ReadEndpoint(SqlRow row) => new(
        row.Text(0), row.Text(1), row.Flag(2), new Uri(row.Text(3)), [.. row.Text(4).Split(' ')], row.TextOrNull(5), row.Time(6))
    {
        IsDisabled = !row.IsNull(7) && row.Flag(7),
        Metadata = ReadMetadata(row.TextOrNull(8)),
    };

    private static ImmutableSortedDictionary<string, string> ReadMetadata(string? document) => document is null
        ? ImmutableSortedDictionary<string, string>.Empty
        : JsonSerializer.Deserialize(document, PaymentJson.Default.SortedDictionaryStringString)!.ToImmutableSortedDictionary(StringComparer.Ordinal);
}

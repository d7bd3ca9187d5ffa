using System.Text;
using Tributary.Payments.Storage.Packing;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Outbox;

/// <summary>
/// The outbox as a log with cursors. Events are written in the transactions that cause them, without a position, because transactions commit in
/// another order than they begin; one process numbers what has been committed. A reader that remembers a position therefore misses nothing.
/// </summary>
public static class OutboxLog
{
    /// <summary>An event's columns, of the tables <c>o</c> and <c>w</c> that <see cref="Tables"/> names.</summary>
    internal const string EventColumns =
        "o.position, o.id, o.store_id, o.is_live, o.kind, o.object_id, o.object_version, o.created_at, o.document, o.sequence, COALESCE(o.packed, w.packed)";

    /// <summary>Events, and those that hold the documents of others.</summary>
    internal const string Tables = "outbox o LEFT JOIN outbox w ON w.id = o.told_with";

    private const string Columns = $"SELECT {EventColumns} FROM {Tables}";

    // Deliveries are found by their endpoints, of which a store has few.
    private const string OfStore = "d.endpoint_id IN (SELECT e.id FROM webhook_endpoints e WHERE e.store_id = @store AND e.is_live = @live)";

    // BTCPay's events stand in the same log under a prefix of their own.
    private static readonly string s_ofStripe = $"o.kind NOT LIKE '{Invoices.InvoiceEventKinds.Prefix}%'";

    /// <summary>Writes an event, in the transaction of its cause; it gets its position after the commit.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="told">What happened; its position is not used.</param>
    /// <param name="ordinal">Its place among the events of one change.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static ValueTask AddAsync(ISqlTransaction transaction, OutboxEvent told, int ordinal, CancellationToken cancellationToken) =>
        AddAsync(transaction, told, DocumentPack.Pack(told.Document), null, ordinal, cancellationToken);

    /// <summary>Writes an event whose document is packed already, or is that of another event of the same change.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="told">What happened; neither its position nor its document is used.</param>
    /// <param name="packed">The document; null where another event has it.</param>
    /// <param name="toldWith">That event; null for none.</param>
    /// <param name="ordinal">Its place among the events of one change.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal static ValueTask AddAsync(
        ISqlTransaction transaction, OutboxEvent told, byte[]? packed, string? toldWith, int ordinal, CancellationToken cancellationToken) => transaction.ExecuteOneAsync(
        """
        INSERT INTO outbox (id, store_id, is_live, kind, object_id, object_version, ordinal, created_at, document, packed, told_with)
        VALUES (@id, @store, @live, @kind, @object, @version, @ordinal, @at, '', @packed, @with)
        """,
        new SqlArguments
        {
            { "id", told.Id },
            { "store", told.StoreId },
            { "live", told.IsLive },
            { "kind", told.Kind },
            { "object", told.ObjectId },
            { "version", told.ObjectVersion },
            { "ordinal", ordinal },
            { "at", told.At },
            { "packed", packed },
            { "with", toldWith },
        },
        cancellationToken);

    /// <summary>Numbers committed events that have no position yet; returns how many. One caller at a time gains: others wait or run again.</summary>
    public static async ValueTask<int> NumberAsync(IDatabase database, int limit, CancellationToken cancellationToken) =>
        await database.WriteAsync((transaction, token) => NumberAsync(transaction, limit, token), cancellationToken);

    /// <summary>The position of the last event that was committed before this transaction, all of them numbered in it.</summary>
    public static async ValueTask<long> EndAsync(ISqlTransaction transaction, CancellationToken cancellationToken)
    {
        const int AtOnce = 1_000;
        while (await NumberAsync(transaction, AtOnce, cancellationToken) == AtOnce)
        {
        }

        return await LastAsync(transaction, cancellationToken);
    }

    /// <summary>Events after a position, in order.</summary>
    public static async ValueTask<List<OutboxEvent>> ReadAsync(IDatabase database, long after, int limit, CancellationToken cancellationToken) => await database.ReadAsync(
        async (transaction, token) => await transaction.QueryAsync(
            Columns + " WHERE o.position > @after ORDER BY o.position LIMIT @limit",
            new SqlArguments { { "after", after }, { "limit", limit } },
            ReadEvent,
            token),
        cancellationToken);

    /// <summary>One store's events in Stripe's terms, the newest first; those without a number yet are not among them.</summary>
    public static async ValueTask<List<OutboxEvent>> ListAsync(ISqlTransaction transaction, EventQuery query, CancellationToken cancellationToken)
    {
        var isBackwards = query.Before is not null;
        var arguments = new SqlArguments { { "store", query.StoreId }, { "live", query.IsLive }, { "limit", query.Limit } };
        query.Created.AddTo(arguments, TimeSpan.TicksPerMillisecond);
        for (var i = 0; i < query.Kinds.Length; i++)
            arguments.Add($"kind{i}", query.Kinds[i]);
        if ((query.After ?? query.Before) is { } cursor)
            arguments.Add("cursor", cursor);
        var order = isBackwards ? "ASC" : "DESC";
        var those = $"""
            WHERE o.store_id = @store AND o.is_live = @live AND o.position IS NOT NULL AND {s_ofStripe}{query.Created.Condition("o.created_at")}
            {(query.IsDelivered is not { } isDelivered ? "" : $"AND {(isDelivered ? "NOT " : "")}EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.event_id = o.id AND {OfStore} AND d.done_at IS NULL)")}
            {((query.After ?? query.Before) is null ? "" : $"AND o.position {(isBackwards ? ">" : "<")} @cursor")}
            """;

        // A page of each kind, in the order of an index, holds the page of all.
        var found = await transaction.QueryAsync(
            query.Kinds.Length < 2
                ? $"{Columns} {those} {(query.Kinds.IsEmpty ? "" : "AND o.kind = @kind0")} ORDER BY o.position {order} LIMIT @limit"
                : $"""
                SELECT {EventColumns} FROM ({string.Join(" UNION ", query.Kinds.Select((_, i) => $"SELECT position FROM (SELECT o.position FROM outbox o {those} AND o.kind = @kind{i} ORDER BY o.position {order} LIMIT @limit) AS k{i}"))}) AS f
                CROSS JOIN {Tables} WHERE o.position = f.position ORDER BY o.position {order} LIMIT @limit
                """,
            arguments,
            ReadEvent,
            cancellationToken);
        if (isBackwards)
            found.Reverse();
        return found;
    }

    /// <summary>What was told of the same object just before; null for the first, and for an event that says no change.</summary>
    public static async ValueTask<OutboxEvent> WithPreviousAsync(ISqlTransaction transaction, OutboxEvent told, CancellationToken cancellationToken)
    {
        if (told.Sequence < 2 || !told.Kind.EndsWith(".updated", StringComparison.Ordinal))
            return told;
        var previous = await transaction.FirstOrDefaultAsync(
            $"{Columns} WHERE o.object_id = @object AND o.sequence = @sequence AND o.store_id = @store AND o.is_live = @live",
            new SqlArguments { { "object", told.ObjectId }, { "sequence", told.Sequence - 1 }, { "store", told.StoreId }, { "live", told.IsLive } },
            ReadEvent,
            cancellationToken);
        return told with { Previous = previous };
    }

    /// <summary>To how many endpoints an event is still to be told.</summary>
    public static ValueTask<long> CountPendingAsync(ISqlTransaction transaction, OutboxEvent told, CancellationToken cancellationToken) =>
        transaction.FirstOrDefaultAsync(
            $"SELECT COUNT(*) FROM webhook_deliveries d WHERE d.event_id = @id AND {OfStore} AND d.due_at IS NOT NULL",
            new SqlArguments { { "id", told.Id }, { "store", told.StoreId }, { "live", told.IsLive } },
            static row => row.Integer(0),
            cancellationToken);

    /// <summary>An event in Stripe's terms by its name; null where the store has none of it, or it has no number yet.</summary>
    public static ValueTask<OutboxEvent?> FindAsync(ISqlTransaction transaction, string storeId, bool isLive, string id, CancellationToken cancellationToken) =>
        FindAsync(transaction, "AND " + s_ofStripe, storeId, isLive, id, cancellationToken);

    /// <summary>An event of either dialect by its name; null where the store has none of it, or it has no number yet.</summary>
    public static ValueTask<OutboxEvent?> FindAnyAsync(ISqlTransaction transaction, string storeId, bool isLive, string id, CancellationToken cancellationToken) =>
        FindAsync(transaction, "", storeId, isLive, id, cancellationToken);

    private static ValueTask<long> LastAsync(ISqlTransaction transaction, CancellationToken cancellationToken) =>
        transaction.FirstOrDefaultAsync("SELECT COALESCE(MAX(position), 0) FROM outbox", SqlArguments.None, static row => row.Integer(0), cancellationToken);

    private static async ValueTask<int> NumberAsync(ISqlTransaction transaction, int limit, CancellationToken cancellationToken)
    {
        var last = await LastAsync(transaction, cancellationToken);
        var fresh = await transaction.QueryAsync(
            "SELECT id FROM outbox WHERE position IS NULL ORDER BY created_at, object_id, object_version, ordinal LIMIT @limit",
            new SqlArguments { { "limit", limit } },
            static row => row.Text(0),
            cancellationToken);
        foreach (var id in fresh)
        {
            await transaction.ExecuteOneAsync(
                """
                UPDATE outbox SET position = @position, sequence = (SELECT COALESCE(MAX(o.sequence), 0) + 1 FROM outbox o WHERE o.object_id = outbox.object_id)
                WHERE id = @id
                """,
                new SqlArguments { { "position", ++last }, { "id", id } },
                cancellationToken);
        }

        return fresh.Count;
    }

    private static ValueTask<OutboxEvent?> FindAsync(ISqlTransaction transaction, string more, string storeId, bool isLive, string id, CancellationToken cancellationToken) =>
        transaction.FirstOrDefaultAsync(
            $"{Columns} WHERE o.id = @id AND o.store_id = @store AND o.is_live = @live AND o.position IS NOT NULL {more}",
            new SqlArguments { { "id", id }, { "store", storeId }, { "live", isLive } },
            ReadEvent,
            cancellationToken);

    private static OutboxEvent ReadEvent(SqlRow row) => ReadEvent(row, 0);

    /// <summary>The event whose <see cref="EventColumns"/> begin at a column.</summary>
    internal static OutboxEvent ReadEvent(SqlRow row, int first) => new(
        row.Integer(first),
        row.Text(first + 1),
        row.Text(first + 2),
        row.Flag(first + 3),
        row.Text(first + 4),
        row.Text(first + 5),
        row.Integer(first + 6),
        row.Time(first + 7),
        Encoding.UTF8.GetString(DocumentPack.Read(row.Text(first + 8), row.BytesOrNull(first + 10))))
    { Sequence = row.IntegerOrNull(first + 9) ?? 0 };
}

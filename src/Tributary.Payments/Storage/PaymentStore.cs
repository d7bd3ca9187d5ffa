using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Tributary.Payments.Identifiers;
using Tributary.Payments.Intents;
using Tributary.Payments.Ledger;
using Tributary.Payments.Outbox;
using Tributary.Payments.Reporting;
using Tributary.Payments.Search;
using Tributary.Payments.Storage.Packing;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Storage;

/// <summary>
/// Reads and writes payment files within a transaction of the caller. A change goes in whole: the file, its ledger transactions, its events and
/// its commands.
/// </summary>
public sealed class PaymentStore(ObjectIds ids, TimeProvider time, IPaymentObserver? observer = null)
{
    private const string FileColumns = "SELECT document, packed FROM intents";

    // Money has come for these. A page of each, in the order of an index, holds the page of all.
    private static readonly string[] s_charged = [IntentWords.Of(IntentStatus.Succeeded), IntentWords.Of(IntentStatus.RequiresCapture), IntentWords.Of(IntentStatus.Processing)];

    /// <summary>The file of an intent; null where the store has none of that name.</summary>
    public static ValueTask<PaymentFile?> FindAsync(ISqlTransaction transaction, string intentId, CancellationToken cancellationToken) =>
        transaction.FirstOrDefaultAsync(FileColumns + " WHERE id = @id", new SqlArguments { { "id", intentId } }, ReadFile, cancellationToken);

    /// <summary>Intents of a store, the newest first.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="query">Which, and how many.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    public static async ValueTask<List<PaymentFile>> ListAsync(ISqlTransaction transaction, IntentQuery query, CancellationToken cancellationToken)
    {
        var isBackwards = query.Before is not null;
        var cursor = query.After ?? query.Before;
        var order = isBackwards ? "ASC" : "DESC";
        var page = $"""
            WHERE store_id = @store AND is_live = @live
            {query.Created.Condition("created_us")}
            {(query.CustomerId is null ? "" : "AND customer_id = @customer")}
            {(cursor is null ? "" : $"AND (created_us, id) {(isBackwards ? ">" : "<")} (SELECT created_us, id FROM intents WHERE id = @cursor AND store_id = @store AND is_live = @live)")}
            """;
        var files = await transaction.QueryAsync(
            query.IsCharged
                ? $"""
                SELECT i.document, i.packed FROM ({string.Join(" UNION ALL ", s_charged.Select((status, i) => $"SELECT id FROM (SELECT id FROM intents {page} AND status = '{status}' ORDER BY created_us {order}, id {order} LIMIT @limit) AS s{i}"))}) AS f
                CROSS JOIN intents i WHERE i.id = f.id ORDER BY i.created_us {order}, i.id {order} LIMIT @limit
                """
                : $"{FileColumns} {page} ORDER BY created_us {order}, id {order} LIMIT @limit",
            Arguments(query, cursor),
            ReadFile,
            cancellationToken);
        if (isBackwards)
            files.Reverse();
        return files;
    }

    /// <summary>The file that an attempt belongs to, by the rail's name for it.</summary>
    public static ValueTask<PaymentFile?> FindByReferenceAsync(ISqlTransaction transaction, RailKind rail, string reference, CancellationToken cancellationToken) =>
        transaction.FirstOrDefaultAsync(
            FileColumns + " WHERE id = (SELECT intent_id FROM attempts WHERE rail = @rail AND reference = @reference)",
            new SqlArguments { { "rail", rail.ToString() }, { "reference", reference } },
            ReadFile,
            cancellationToken);

    /// <summary>The rail's names of attempts whose intents are not over.</summary>
    public static ValueTask<List<string>> FindOpenReferencesAsync(ISqlTransaction transaction, RailKind rail, int limit, CancellationToken cancellationToken) =>
        transaction.QueryAsync(
            """
            SELECT a.reference FROM intents i CROSS JOIN attempts a
            WHERE a.intent_id = i.id AND i.status NOT IN ('succeeded', 'canceled') AND a.rail = @rail ORDER BY a.id LIMIT @limit
            """,
            new SqlArguments { { "rail", rail.ToString() }, { "limit", limit } },
            static row => row.Text(0),
            cancellationToken);

    /// <summary>The file that an attempt belongs to, by its own name.</summary>
    public static ValueTask<PaymentFile?> FindByAttemptAsync(ISqlTransaction transaction, string attemptId, CancellationToken cancellationToken) =>
        transaction.FirstOrDefaultAsync(
            FileColumns + " WHERE id = (SELECT intent_id FROM attempts WHERE id = @id)", new SqlArguments { { "id", attemptId } }, ReadFile, cancellationToken);

    /// <summary>Intents for which time may have run out, the longest overdue first.</summary>
    public static ValueTask<List<string>> FindDueAsync(ISqlTransaction transaction, DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        transaction.QueryAsync(
            "SELECT id FROM intents WHERE wake_at <= @now ORDER BY wake_at LIMIT @limit",
            new SqlArguments { { "now", now }, { "limit", limit } },
            static row => row.Text(0),
            cancellationToken);

    /// <summary>Writes a new intent and its first event.</summary>
    public async ValueTask InsertAsync(ISqlTransaction transaction, PaymentFile file, CancellationToken cancellationToken)
    {
        var intent = file.Intent;
        var packed = Write(file);
        await transaction.ExecuteOneAsync(
            """
            INSERT INTO intents (id, store_id, is_live, status, customer_id, created_us, wake_at, version, document, packed, currency, amount)
            VALUES (@id, @store, @live, @status, @customer, @created, @wake, @version, '', @packed, @currency, @amount)
            """,
            new SqlArguments
            {
                { "id", intent.Id },
                { "store", intent.StoreId },
                { "live", intent.IsLive },
                { "status", IntentWords.Of(intent.Status) },
                { "customer", intent.CustomerId },
                // A list is in the order of creation, so milliseconds are too few.
                { "created", intent.CreatedAt.UtcTicks / TimeSpan.TicksPerMicrosecond },
                { "wake", WakeAt(file) },
                { "version", intent.Version },
                { "packed", packed },
                { "currency", intent.Amount.Currency.Code },
                { "amount", intent.Amount.MinorUnits },
            },
            cancellationToken);
        await WriteMetadataAsync(transaction, intent, cancellationToken);
        await DescriptionWords.WriteAsync(transaction, intent, isNew: true, cancellationToken);
        await TellAsync(transaction, file, [new FileEvent(IntentWords.Of(IntentEventKind.Created), intent.Id, intent.Version)], packed, cancellationToken);
    }

    /// <summary>Writes what an input changed. The file must still be the one that was decided on.</summary>
    public async ValueTask UpdateAsync(ISqlTransaction transaction, PaymentFile before, IntentChange change, CancellationToken cancellationToken)
    {
        if (change.IsNothing)
            return;
        var intent = change.File.Intent;
        await WriteAsync(
            transaction, before, change.File, change.Ledger, [.. change.Events.SelectMany(kind => EventsOf(kind, intent))], cancellationToken);
        foreach (var command in change.Commands)
            await OrderAsync(transaction, change.File, command, cancellationToken);
    }

    /// <summary>Writes a file that changed, what moves in the ledger and what is told. The file must still be the one that was decided on.</summary>
    public async ValueTask WriteAsync(
        ISqlTransaction transaction,
        PaymentFile before,
        PaymentFile file,
        ImmutableArray<LedgerTransaction> ledger,
        ImmutableArray<FileEvent> events,
        CancellationToken cancellationToken)
    {
        var packed = Write(file);
        await transaction.ExecuteOneAsync(
            "UPDATE intents SET status = @status, customer_id = @customer, wake_at = @wake, version = @version, document = '', packed = @packed WHERE id = @id AND version = @before",
            new SqlArguments
            {
                { "id", file.Intent.Id },
                { "status", IntentWords.Of(file.Intent.Status) },
                { "customer", file.Intent.CustomerId },
                { "wake", WakeAt(file) },
                { "version", file.Intent.Version },
                { "packed", packed },
                { "before", before.Intent.Version },
            },
            cancellationToken);
        if (!ReferenceEquals(before.Intent.Metadata, file.Intent.Metadata))
        {
            await transaction.ExecuteAsync("DELETE FROM intent_metadata WHERE intent_id = @id", new SqlArguments { { "id", file.Intent.Id } }, cancellationToken);
            await WriteMetadataAsync(transaction, file.Intent, cancellationToken);
        }

        // Apart from the rest, as an index is written anew for each column that a statement names.
        if (before.Intent.Amount != file.Intent.Amount)
        {
            await transaction.ExecuteOneAsync(
                "UPDATE intents SET currency = @currency, amount = @amount WHERE id = @id",
                new SqlArguments { { "id", file.Intent.Id }, { "currency", file.Intent.Amount.Currency.Code }, { "amount", file.Intent.Amount.MinorUnits } },
                cancellationToken);
        }

        if (!string.Equals(before.Intent.Description, file.Intent.Description, StringComparison.Ordinal))
            await DescriptionWords.WriteAsync(transaction, file.Intent, isNew: false, cancellationToken);
        foreach (var attempt in file.Attempts.Skip(before.Attempts.Length))
        {
            await transaction.ExecuteOneAsync(
                "INSERT INTO attempts (id, intent_id, rail, reference) VALUES (@id, @intent, @rail, @reference)",
                new SqlArguments { { "id", attempt.Id }, { "intent", file.Intent.Id }, { "rail", attempt.Rail.ToString() }, { "reference", attempt.Reference } },
                cancellationToken);
            await JudgedPayments.WriteAsync(transaction, file.Intent, attempt, cancellationToken);
        }

        foreach (var entry in ledger)
            await LedgerStore.PostAsync(transaction, file.Intent.StoreId, file.Intent.IsLive, entry, time.GetUtcNow(), cancellationToken);
        await TellAsync(transaction, file, events, packed, cancellationToken);
        if (observer is not null && file.Intent.InvoiceId is not null)
            await observer.ChangedAsync(transaction, before, file, cancellationToken);
    }

    /// <summary>The balance of an account, debits positive.</summary>
    public static async ValueTask<long> BalanceAsync(
        ISqlTransaction transaction, string storeId, bool isLive, AccountKind account, Asset asset, CancellationToken cancellationToken)
    {
        // Numbers leave PostgreSQL's sum wider than 64 bits; text is what both databases give alike.
        var sum = await transaction.FirstOrDefaultAsync(
            "SELECT CAST(COALESCE(SUM(amount), 0) AS TEXT) FROM ledger_sums WHERE store_id = @store AND is_live = @live AND account = @account AND asset = @asset",
            new SqlArguments { { "store", storeId }, { "live", isLive }, { "account", account.ToString() }, { "asset", asset.Code } },
            static row => row.Text(0),
            cancellationToken);
        return long.Parse(sum!, CultureInfo.InvariantCulture);
    }

    private static async ValueTask WriteMetadataAsync(ISqlTransaction transaction, PaymentIntent intent, CancellationToken cancellationToken)
    {
        foreach (var (name, value) in intent.Metadata)
        {
            await transaction.ExecuteOneAsync(
                "INSERT INTO intent_metadata (intent_id, name, value) VALUES (@id, @name, @value)",
                new SqlArguments { { "id", intent.Id }, { "name", name }, { "value", value } },
                cancellationToken);
        }
    }

    // What Stripe's clients hear of the intent and of its charge.
    private static IEnumerable<FileEvent> EventsOf(IntentEventKind kind, PaymentIntent intent)
    {
        yield return new FileEvent(IntentWords.Of(kind), intent.Id, intent.Version);
        var ofCharge = kind switch
        {
            IntentEventKind.Succeeded => intent.CaptureMethod == CaptureMethod.Manual ? "charge.captured" : "charge.succeeded",
            IntentEventKind.AmountCapturableUpdated => "charge.succeeded",
            IntentEventKind.PaymentFailed => "charge.failed",
            _ => null,
        };
        if (ofCharge is not null)
            yield return new FileEvent(ofCharge, intent.ChargeId, intent.Version);
    }

    private static SqlArguments Arguments(IntentQuery query, string? cursor)
    {
        var arguments = new SqlArguments { { "store", query.StoreId }, { "live", query.IsLive }, { "limit", query.Limit } };
        query.Created.AddTo(arguments);
        if (query.CustomerId is not null)
            arguments.Add("customer", query.CustomerId);
        if (cursor is not null)
            arguments.Add("cursor", cursor);
        return arguments;
    }

    private static PaymentFile ReadFile(SqlRow row)
    {
        var stored = JsonSerializer.Deserialize(DocumentPack.Read(row.Text(0), row.BytesOrNull(1)), PaymentJson.Default.StoredPaymentFile)
            ?? throw new InvalidOperationException("An empty document where a payment intent belongs.");
        return stored.Format == StoredPaymentFile.CurrentFormat
            ? stored.File
            : throw new InvalidOperationException($"A payment intent of format {stored.Format}: a newer version of the program wrote it.");
    }

    // An event holds the same document as the intent of that moment (StoredEvent).
    private static byte[] Write(PaymentFile file) =>
        DocumentPack.Pack(JsonSerializer.SerializeToUtf8Bytes(new StoredPaymentFile(StoredPaymentFile.CurrentFormat, file), PaymentJson.Default.StoredPaymentFile));

    // When time alone can next change something.
    private static DateTimeOffset? WakeAt(PaymentFile file)
    {
        var intent = file.Intent;
        DateTimeOffset? wake = intent.Status switch
        {
            IntentStatus.RequiresCapture => intent.CaptureBefore,
            IntentStatus.RequiresPaymentMethod or IntentStatus.RequiresConfirmation or IntentStatus.RequiresAction => intent.ExpiresAt,
            _ => null,
        };
        foreach (var attempt in file.Attempts)
        {
            if (attempt.Status == AttemptStatus.Open && (wake is null || attempt.ExpiresAt < wake))
                wake = attempt.ExpiresAt;
        }

        return wake;
    }

    private async ValueTask OrderAsync(ISqlTransaction transaction, PaymentFile file, RailCommand command, CancellationToken cancellationToken)
    {
        var attempt = file.FindAttempt(command.AttemptId) ?? throw new InvalidOperationException($"A command for no attempt: {command.AttemptId}.");
        await transaction.ExecuteOneAsync(
            """
            INSERT INTO rail_commands (id, intent_id, attempt_id, rail, kind, amount, tries, due_at)
            VALUES (@id, @intent, @attempt, @rail, @kind, @amount, 0, @due)
            """,
            new SqlArguments
            {
                { "id", ids.Next("rc") },
                { "intent", file.Intent.Id },
                { "attempt", attempt.Id },
                { "rail", attempt.Rail.ToString() },
                { "kind", RailCommandCodec.KindOf(command) },
                { "amount", command is RailCommand.Settle settle ? settle.Amount : 0 },
                { "due", time.GetUtcNow() },
            },
            cancellationToken);
    }

    // The events of one change tell of the same file: the first holds it.
    private async ValueTask TellAsync(ISqlTransaction transaction, PaymentFile file, ImmutableArray<FileEvent> events, byte[] packed, CancellationToken cancellationToken)
    {
        string? first = null;
        for (var i = 0; i < events.Length; i++)
        {
            var id = ids.Next("evt");
            var told = new OutboxEvent(
                0, id, file.Intent.StoreId, file.Intent.IsLive, events[i].Kind, events[i].ObjectId, events[i].Version, time.GetUtcNow(), Document: "");
            await OutboxLog.AddAsync(transaction, told, first is null ? packed : null, first, i, cancellationToken);
            first ??= id;
        }
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using Tributary.Payments.Identifiers;
using Tributary.Payments.Outbox;
using Tributary.Payments.Storage;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Invoices;

/// <summary>Invoices as rows, and what is told of them.</summary>
public sealed class InvoiceStore(ObjectIds ids, TimeProvider time)
{
    private const int SearchMax = 8000;
    private const string Columns = "SELECT n.document FROM invoices n";

    /// <summary>An invoice with its payment; null where there is none of that name.</summary>
    public static async ValueTask<InvoiceFile?> FindAsync(ISqlTransaction transaction, string invoiceId, CancellationToken cancellationToken) =>
        await FindAsync(transaction, "n.id = @key", invoiceId, cancellationToken);

    /// <summary>The invoice of an intent; null for an intent that was made without.</summary>
    public static async ValueTask<InvoiceFile?> FindByIntentAsync(ISqlTransaction transaction, string intentId, CancellationToken cancellationToken) =>
        await FindAsync(transaction, "n.intent_id = @key", intentId, cancellationToken);

    /// <summary>Invoices of a store, the newest first.</summary>
    public static async ValueTask<List<InvoiceFile>> ListAsync(ISqlTransaction transaction, InvoiceQuery query, CancellationToken cancellationToken)
    {
        var arguments = new SqlArguments { { "store", query.StoreId }, { "live", query.IsLive }, { "skip", query.Skip }, { "take", query.Take } };
        var where = new StringBuilder(" WHERE n.store_id = @store AND n.is_live = @live");
        if (!query.IncludesArchived)
            where.Append(" AND n.is_archived = 0");
        if (!query.OrderIds.IsEmpty)
            AppendList(where, arguments, "n.order_id", "order", query.OrderIds);
        if (!query.Statuses.IsEmpty)
            AppendList(where, arguments, "n.status", "status", query.Statuses.Select(static status => status.ToString()));
        if (query.From is { } from)
        {
            where.Append(" AND n.created_us >= @from");
            arguments.Add("from", Microseconds(from));
        }

        if (query.Until is { } until)
        {
            where.Append(" AND n.created_us <= @until");
            arguments.Add("until", Microseconds(until));
        }

        if (query.Text is { Length: > 0 } text)
        {
            where.Append(" AND n.search LIKE @text ESCAPE '!'");
            arguments.Add("text", $"%{Folded(text).Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal)}%");
        }

        var invoices = await transaction.QueryAsync($"{Columns}{where} ORDER BY n.created_us DESC, n.id DESC LIMIT @take OFFSET @skip", arguments, Read, cancellationToken);
        var files = new List<InvoiceFile>(invoices.Count);
        foreach (var invoice in invoices)
            files.Add(await WithPaymentAsync(transaction, invoice, cancellationToken));
        return files;
    }

    /// <summary>Writes a new invoice; its payment has been written in the same transaction.</summary>
    public async ValueTask InsertAsync(ISqlTransaction transaction, InvoiceFile file, string search, CancellationToken cancellationToken)
    {
        var invoice = file.Invoice;
        await transaction.ExecuteOneAsync(
            """
            INSERT INTO invoices (id, store_id, is_live, intent_id, order_id, status, is_archived, created_us, search, document)
            VALUES (@id, @store, @live, @intent, @order, @status, @archived, @created, @search, @document)
            """,
            new SqlArguments
            {
                { "id", invoice.Id },
                { "store", invoice.StoreId },
                { "live", invoice.IsLive },
                { "intent", invoice.IntentId },
                { "order", invoice.OrderId },
                { "status", file.Status.ToString() },
                { "archived", invoice.IsArchived },
                { "created", Microseconds(invoice.CreatedAt) },
                { "search", Search(invoice, search) },
                { "document", Write(invoice) },
            },
            cancellationToken);
        await TellAsync(transaction, file, new Told(InvoiceEventKinds.Created, null), 0, cancellationToken);
    }

    /// <summary>Writes an invoice that a merchant changed, and what is told of it.</summary>
    public async ValueTask UpdateAsync(ISqlTransaction transaction, InvoiceFile file, string? search, IReadOnlyList<Told> told, CancellationToken cancellationToken)
    {
        var arguments = new SqlArguments
        {
            { "id", file.Invoice.Id },
            { "order", file.Invoice.OrderId },
            { "status", file.Status.ToString() },
            { "archived", file.Invoice.IsArchived },
            { "document", Write(file.Invoice) },
        };
        if (search is not null)
            arguments.Add("search", Search(file.Invoice, search));
        await transaction.ExecuteOneAsync(
            $"UPDATE invoices SET order_id = @order, status = @status, is_archived = @archived, document = @document{(search is null ? "" : ", search = @search")} WHERE id = @id",
            arguments,
            cancellationToken);
        await TellAsync(transaction, file, told, cancellationToken);
    }

    /// <summary>Writes where an invoice stands after its payment changed, and what is told of it.</summary>
    public async ValueTask FollowAsync(ISqlTransaction transaction, InvoiceFile file, IReadOnlyList<Told> told, CancellationToken cancellationToken)
    {
        await transaction.ExecuteOneAsync(
            "UPDATE invoices SET status = @status WHERE id = @id", new SqlArguments { { "status", file.Status.ToString() }, { "id", file.Invoice.Id } }, cancellationToken);
        await TellAsync(transaction, file, told, cancellationToken);
    }

    /// <summary>The invoice of an intent, without its payment.</summary>
    internal static ValueTask<Invoice?> FindRowAsync(ISqlTransaction transaction, string invoiceId, CancellationToken cancellationToken) =>
        transaction.FirstOrDefaultAsync(Columns + " WHERE n.id = @id", new SqlArguments { { "id", invoiceId } }, Read, cancellationToken);

    private static async ValueTask<InvoiceFile?> FindAsync(ISqlTransaction transaction, string where, string key, CancellationToken cancellationToken) =>
        await transaction.FirstOrDefaultAsync($"{Columns} WHERE {where}", new SqlArguments { { "key", key } }, Read, cancellationToken) is { } invoice
            ? await WithPaymentAsync(transaction, invoice, cancellationToken)
            : null;

    private static async ValueTask<InvoiceFile> WithPaymentAsync(ISqlTransaction transaction, Invoice invoice, CancellationToken cancellationToken) =>
        new(invoice, await PaymentStore.FindAsync(transaction, invoice.IntentId, cancellationToken) ?? throw new InvalidOperationException($"{invoice.IntentId} is gone."));

    private static void AppendList(StringBuilder where, SqlArguments arguments, string column, string name, IEnumerable<string> values)
    {
        where.Append(" AND ").Append(column).Append(" IN (");
        var i = 0;
        foreach (var value in values)
        {
            var argument = name + i.ToString(CultureInfo.InvariantCulture);
            where.Append(i == 0 ? "@" : ", @").Append(argument);
            arguments.Add(argument, value);
            i++;
        }

        where.Append(')');
    }

    private async ValueTask TellAsync(ISqlTransaction transaction, InvoiceFile file, IReadOnlyList<Told> told, CancellationToken cancellationToken)
    {
        for (var i = 0; i < told.Count; i++)
            await TellAsync(transaction, file, told[i], i, cancellationToken);
    }

    private ValueTask TellAsync(ISqlTransaction transaction, InvoiceFile file, Told told, int ordinal, CancellationToken cancellationToken) => OutboxLog.AddAsync(
        transaction,
        new OutboxEvent(
            0,
            ids.Next("evt"),
            file.Invoice.StoreId,
            file.Invoice.IsLive,
            told.Kind,
            file.Invoice.Id,
            file.Payment.Intent.Version,
            time.GetUtcNow(),
            JsonSerializer.Serialize(
                new StoredInvoice.Event(StoredInvoice.CurrentFormat, file.Invoice, file.Payment, told.Receipt, file.Invoice.Mark is not null), InvoicesJson.Default.Event)),
        ordinal,
        cancellationToken);

    private static Invoice Read(SqlRow row)
    {
        var stored = JsonSerializer.Deserialize(row.Text(0), InvoicesJson.Default.Document) ?? throw new InvalidOperationException("An empty document where an invoice belongs.");
        StoredInvoice.Check(stored.Format, "An invoice");
        return stored.Value;
    }

    private static string Write(Invoice invoice) => JsonSerializer.Serialize(new StoredInvoice.Document(StoredInvoice.CurrentFormat, invoice), InvoicesJson.Default.Document);

    private static string Search(Invoice invoice, string search)
    {
        var text = Folded($"{invoice.Id} {invoice.IntentId} {invoice.OrderId} {string.Join(' ', invoice.SearchTerms)} {search}");
        return text.Length <= SearchMax ? text : text[..SearchMax];
    }

    private static string Folded(string text) => text.ToLowerInvariant();

    private static long Microseconds(DateTimeOffset at) => at.UtcTicks / TimeSpan.TicksPerMicrosecond;

    /// <summary>Something to tell.</summary>
    /// <param name="Kind">One of <see cref="InvoiceEventKinds"/>.</param>
    /// <param name="Receipt">The money that it is about; null where it is about none.</param>
    public readonly record struct Told(string Kind, string? Receipt);
}

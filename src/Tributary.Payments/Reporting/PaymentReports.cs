using Tributary.Payments.Intents;
using Tributary.Payments.Ledger;
using Tributary.Payments.Storage;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Reporting;

/// <summary>What the team reads of payments.</summary>
public static class PaymentReports
{
    private const int LinesMax = 1000;

    // Each way to find a payment by a text goes by an index; a prefix is a range of the primary key.
    private const string NamesOfText = """
        SELECT p.id FROM intents p WHERE p.id >= @text AND p.id < @last
        UNION SELECT c.id FROM intents c WHERE c.store_id = @store AND c.is_live = @live AND c.customer_id = @text
        UNION SELECT m.intent_id AS id FROM intent_metadata m WHERE m.value = @text
        UNION SELECT a.intent_id AS id FROM attempts a WHERE a.rail IN ('Card', 'Lightning', 'OnChain') AND a.reference = @text
        """;

    // The same asked of one payment after the other, where a text finds too many to look at each.
    private const string IsOfText = """
         AND ((i.id >= @text AND i.id < @last) OR i.customer_id = @text
         OR EXISTS (SELECT 1 FROM intent_metadata m WHERE m.intent_id = i.id AND m.value = @text)
         OR EXISTS (SELECT 1 FROM attempts a WHERE a.intent_id = i.id AND a.reference = @text))
        """;

    private const int FewMax = 1_000;

    /// <summary>Payments that a search finds, the newest first.</summary>
    public static ValueTask<List<PaymentFile>> SearchAsync(ISqlTransaction transaction, PaymentSearch search, CancellationToken cancellationToken) =>
        SearchAsync(transaction, search, FewMax, cancellationToken);

    internal static async ValueTask<List<PaymentFile>> SearchAsync(ISqlTransaction transaction, PaymentSearch search, int fewMax, CancellationToken cancellationToken)
    {
        var arguments = new SqlArguments { { "store", search.StoreId }, { "live", search.IsLive }, { "limit", search.Limit } };
        var where = "";
        var among = "";
        if (search.Text is { Length: > 0 } text)
        {
            arguments.Add("text", text);
            arguments.Add("last", text + "~");
            // Counted with repetitions: only so can the count end early.
            var found = await transaction.FirstOrDefaultAsync(
                $"SELECT COUNT(*) FROM (SELECT 1 FROM ({NamesOfText.Replace("UNION", "UNION ALL", StringComparison.Ordinal)}) AS n LIMIT {fewMax + 1}) AS found", arguments, static row => row.Integer(0), cancellationToken);
            among = found <= fewMax ? $"({NamesOfText}) AS f CROSS JOIN " : "";
            where += found <= fewMax ? " AND i.id = f.id" : IsOfText;
        }

        if (search.CustomerId is { } customer)
        {
            where += " AND i.customer_id = @customer";
            arguments.Add("customer", customer);
        }

        if (search.Status is { } status)
        {
            where += " AND i.status = @status";
            arguments.Add("status", IntentWords.Of(status));
        }

        if (search.From is { } from)
        {
            where += " AND i.created_us >= @from";
            arguments.Add("from", Microseconds(from));
        }

        if (search.To is { } to)
        {
            where += " AND i.created_us < @to";
            arguments.Add("to", Microseconds(to.AddDays(1)));
        }

        if (search.After is { } after)
        {
            where += " AND (i.created_us, i.id) < (SELECT c.created_us, c.id FROM intents c WHERE c.id = @after AND c.store_id = @store AND c.is_live = @live)";
            arguments.Add("after", after);
        }

        var ids = await transaction.QueryAsync(
            $"SELECT i.id FROM {among}intents i WHERE i.store_id = @store AND i.is_live = @live{where} ORDER BY i.created_us DESC, i.id DESC LIMIT @limit",
            arguments,
            static row => row.Text(0),
            cancellationToken);
        var files = new List<PaymentFile>(ids.Count);
        foreach (var id in ids)
            files.Add(await PaymentStore.FindAsync(transaction, id, cancellationToken) ?? throw new InvalidOperationException($"{id} is gone."));
        return files;
    }

    /// <summary>What happened to a payment, in order.</summary>
    public static ValueTask<List<PaymentEvent>> EventsAsync(ISqlTransaction transaction, string intentId, CancellationToken cancellationToken) =>
        transaction.QueryAsync(
            "SELECT id, kind, created_at FROM outbox WHERE object_id = @id ORDER BY object_version, ordinal LIMIT @limit",
            new SqlArguments { { "id", intentId }, { "limit", LinesMax } },
            static row => new PaymentEvent(row.Text(0), row.Text(1), row.Time(2)),
            cancellationToken);

    /// <summary>The ledger's lines about objects, in order.</summary>
    public static async ValueTask<List<LedgerLine>> LedgerAsync(ISqlTransaction transaction, IEnumerable<string> references, CancellationToken cancellationToken)
    {
        var lines = new List<LedgerLine>();
        foreach (var reference in references)
        {
            lines.AddRange(await transaction.QueryAsync(
                """
                SELECT t.id, t.reason, t.at, p.account, p.asset, p.amount FROM ledger_transactions t JOIN ledger_postings p ON p.transaction_id = t.id
                WHERE t.reference = @reference ORDER BY t.at, t.id, p.line LIMIT @limit
                """,
                new SqlArguments { { "reference", reference }, { "limit", LinesMax } },
                static row => new LedgerLine(row.Text(0), row.Text(1), row.Time(2), Enum.Parse<AccountKind>(row.Text(3)), Asset.Parse(row.Text(4)), row.Integer(5)),
                cancellationToken));
        }

        return lines;
    }

    private static long Microseconds(DateOnly day) => day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc).Ticks / TimeSpan.TicksPerMicrosecond;
}

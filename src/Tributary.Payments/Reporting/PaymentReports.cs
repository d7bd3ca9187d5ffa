using Tributary.Payments.Intents;
using Tributary.Payments.Ledger;
using Tributary.Payments.Storage;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Reporting;

/// <summary>What the team reads of payments.</summary>
public static class PaymentReports
{
    private const int LinesMax = 1000;

    private const int FewMax = 1_000;

    /// <summary>Payments that a search finds, the newest first.</summary>
    public static ValueTask<List<PaymentFile>> SearchAsync(ISqlTransaction transaction, PaymentSearch search, CancellationToken cancellationToken) =>
        SearchAsync(transaction, search, FewMax, cancellationToken);

    internal static async ValueTask<List<PaymentFile>> SearchAsync(ISqlTransaction transaction, PaymentSearch search, int fewMax, CancellationToken cancellationToken)
    {
        var sql = new PaymentSearchSql(search);
        PaymentSearchSql.Part? leading = null;
        foreach (var part in sql.Parts)
        {
            // Counted with repetitions: only so can the count end early.
            var found = await transaction.FirstOrDefaultAsync(
                $"SELECT COUNT(*) FROM (SELECT 1 FROM ({part.Names.Replace("UNION SELECT", "UNION ALL SELECT", StringComparison.Ordinal)}) AS n LIMIT {fewMax + 1}) AS found", sql.Arguments, static row => row.Integer(0), cancellationToken);
            if (found <= fewMax)
            {
                leading = part;
                break;
            }
        }

        var ids = await transaction.QueryAsync(sql.Select(leading), sql.Arguments, static row => row.Text(0), cancellationToken);
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
}

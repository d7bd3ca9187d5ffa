using Tributary.Payments.Ledger;
using Tributary.Payments.Storage;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Reconciliation;

/// <summary>
/// The operator's own money in the ledger. Each fact is posted as the difference between what it means now and what was posted for it before, so a
/// fact that changes, such as a deposit that is reorganised away, is corrected by another entry.
/// </summary>
internal static class OperatorLedger
{
    /// <summary>The owner of these entries in the ledger, in place of a store.</summary>
    public const string Owner = "operator";

    /// <summary>Posts what has changed; returns how many facts did.</summary>
    public static async ValueTask<int> PostAsync(
        ISqlTransaction transaction, bool isLive, IEnumerable<OperatorEntry> entries, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var posted = await ReadAsync(transaction, cancellationToken);
        var changed = 0;
        foreach (var entry in entries)
        {
            var wanted = entry.Lines.GroupBy(static line => line.Account).ToDictionary(static group => group.Key, static group => group.Sum(static line => line.Amount));
            var before = posted.GetValueOrDefault(entry.Subject) ?? [];
            var lines = new List<LedgerPosting>();
            foreach (var account in wanted.Keys.Union(before.Keys).Order())
            {
                var difference = checked(wanted.GetValueOrDefault(account) - before.GetValueOrDefault(account));
                if (difference == 0)
                    continue;
                lines.Add(new LedgerPosting(account, Asset.Bitcoin, difference));
                await WriteAsync(transaction, entry.Subject, account, wanted.GetValueOrDefault(account), cancellationToken);
            }

            if (lines.Count == 0)
                continue;
            await LedgerStore.PostAsync(transaction, Owner, isLive, LedgerTransaction.Create("operator", entry.Subject, [.. lines]), now, cancellationToken);
            changed++;
        }

        return changed;
    }

    private static async ValueTask<Dictionary<string, Dictionary<AccountKind, long>>> ReadAsync(ISqlTransaction transaction, CancellationToken cancellationToken)
    {
        var rows = await transaction.QueryAsync(
            "SELECT subject, account, amount FROM operator_entries",
            SqlArguments.None,
            static row => (Subject: row.Text(0), Account: Enum.Parse<AccountKind>(row.Text(1)), Amount: row.Integer(2)),
            cancellationToken);
        var posted = new Dictionary<string, Dictionary<AccountKind, long>>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            if (!posted.TryGetValue(row.Subject, out var lines))
                posted[row.Subject] = lines = [];
            lines[row.Account] = row.Amount;
        }

        return posted;
    }

    private static ValueTask WriteAsync(ISqlTransaction transaction, string subject, AccountKind account, long amount, CancellationToken cancellationToken) =>
        transaction.ExecuteOneAsync(
            "INSERT INTO operator_entries (subject, account, amount) VALUES (@subject, @account, @amount) ON CONFLICT (subject, account) DO UPDATE SET amount = @amount",
            new SqlArguments { { "subject", subject }, { "account", account.ToString() }, { "amount", amount } },
            cancellationToken);
}

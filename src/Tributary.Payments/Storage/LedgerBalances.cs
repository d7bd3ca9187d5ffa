using Tributary.Storage.Relational;

namespace Tributary.Payments.Storage;

/// <summary>
/// Keeps what each account holds, so that nobody has to add up its whole history. A ledger transaction is written with a note that it is not
/// counted yet; counting adds its lines to the balances and takes the note away in one transaction. The view <c>ledger_sums</c> adds what is not
/// counted, so it is exact at every moment, whenever the counting runs; and payments never wait for each other at a balance's row.
/// </summary>
public static class LedgerBalances
{
    /// <summary>Counts ledger transactions that are not in the balances yet; returns how many.</summary>
    public static async ValueTask<int> CountAsync(IDatabase database, int limit, CancellationToken cancellationToken)
    {
        // Most calls find nothing, and reading costs the writer nothing.
        if (await database.ReadAsync(
            static async (transaction, token) => await transaction.QueryAsync("SELECT 1 FROM ledger_uncounted LIMIT 1", SqlArguments.None, static row => row.Integer(0), token),
            cancellationToken) is [])
        {
            return 0;
        }

        return await database.WriteAsync((transaction, token) => CountAsync(transaction, limit, token), cancellationToken);
    }

    private static async ValueTask<int> CountAsync(ISqlTransaction transaction, int limit, CancellationToken cancellationToken)
    {
        var fresh = await transaction.QueryAsync(
            "SELECT transaction_id FROM ledger_uncounted ORDER BY transaction_id LIMIT @limit", new SqlArguments { { "limit", limit } }, static row => row.Text(0), cancellationToken);
        var sums = new Dictionary<(string Store, long Live, string Account, string Asset), long>();
        foreach (var id in fresh)
        {
            var lines = await transaction.QueryAsync(
                """
                SELECT t.store_id, t.is_live, p.account, p.asset, p.amount FROM ledger_transactions t JOIN ledger_postings p ON p.transaction_id = t.id
                WHERE t.id = @id
                """,
                new SqlArguments { { "id", id } },
                static row => (Account: (row.Text(0), row.Integer(1), row.Text(2), row.Text(3)), Amount: row.Integer(4)),
                cancellationToken);
            foreach (var (account, amount) in lines)
                sums[account] = checked(sums.GetValueOrDefault(account) + amount);
            await transaction.ExecuteOneAsync("DELETE FROM ledger_uncounted WHERE transaction_id = @id", new SqlArguments { { "id", id } }, cancellationToken);
        }

        foreach (var ((store, live, account, asset), amount) in sums)
        {
            await transaction.ExecuteOneAsync(
                """
                INSERT INTO ledger_balances (store_id, is_live, account, asset, amount) VALUES (@store, @live, @account, @asset, @amount)
                ON CONFLICT (store_id, is_live, account, asset) DO UPDATE SET amount = ledger_balances.amount + excluded.amount
                """,
                new SqlArguments { { "store", store }, { "live", live }, { "account", account }, { "asset", asset }, { "amount", amount } },
                cancellationToken);
        }

        return fresh.Count;
    }
}
